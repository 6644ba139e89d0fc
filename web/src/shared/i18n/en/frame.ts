/** What stands around every page: words of everywhere, the way in, the session, the network. */

import type zh from '../zh/frame'

const frame: typeof zh = {
  app: {
    name: 'Qianshu',
    full: 'Home-sale signing and filing',
    skip: 'Skip to content',
    loading: 'Loading…',
    more: 'More',
    back: 'Back',
    retry: 'Try again',
    close: 'Close',
    cancel: 'Cancel',
    ok: 'OK',
    done: 'Done',
    next: 'Next',
    save: 'Save',
    send: 'Send',
    sending: 'Sending…',
    add: 'Add',
    remove: 'Remove',
    none: 'None',
    yes: 'Yes',
    no: 'No',
    choose: 'Choose',
    optional: 'optional',
    copy: 'Copy',
    copied: 'Copied',
    download: 'Download',
    share: 'Share',
    page: 'Page {number}',
    printed: 'printed {at}',
    pages: '{count} pages',
  },
  nav: {
    matters: 'My matters',
    verify: 'Verify',
    me: 'Me',
    main: 'Main',
  },
  login: {
    title: 'Sell or buy a home: sign and file online',
    lead: 'Check the house, fill in, sign and file from your own phone. Everybody signs for themselves, and a single changed word is found.',
    button: 'Log in',
    how: 'You log in at the identity platform and come back here.',
    verify: 'No login: verify a contract',
    cities: 'Cities served',
    needed: 'Please log in first',
  },
  session: {
    ended: 'Your session has ended',
    endedWhy: 'For your safety a session ends when it is not used. What you typed is kept on this device; log in to go on.',
    again: 'Log in again',
    soon: 'You will be logged out soon, because nothing was done for a while',
    stay: 'Stay logged in',
  },
  offline: {
    title: 'No connection',
    text: 'Everything you typed is kept on this device. Try again once you are back: nothing is sent twice.',
  },
}

export default frame
