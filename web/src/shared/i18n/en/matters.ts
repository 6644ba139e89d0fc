/** The list of matters, and the ways to a new one. */

import type zh from '../zh/matters'

const matters: typeof zh = {
  matters: {
    title: 'My matters',
    mine: 'My move',
    others: 'Others\' move',
    done: 'Done',
    none: 'Nothing here yet',
    veiled: 'A matter of another card of yours',
    noneWhy: 'Sellers begin a sale; buyers come in by the link in their text message, or by “Join”.',
    new: 'Begin a sale',
    join: 'Join a contract',
    more: 'Show more',
    noHouse: 'House not checked yet',
    number: 'No. {number}',
    expires: 'Kept until {when}',
  },
  new: {
    title: 'Begin a sale',
    which: 'In which city is the house?',
    begin: 'Begin',
    who: 'The owner begins, or whoever acts for them',
    none: 'There is nothing that could be begun here',
    import: 'Cancel a filed contract of a new house, before a notary',
    importWho: 'The developer takes the contract over, then asks to cancel it',
    chooseOrganisation: 'First choose for which company you act',
  },
  import: {
    title: 'Take over a filed contract',
    lead: 'Choose the very PDF that was filed, not a print and not saved anew: its digest has to be that of the filing.',
    file: 'The contract (PDF)',
    fileNeeded: 'Choose the contract’s PDF',
    notPdf: 'This is not a PDF',
    button: 'Take it over',
    done: 'The contract was taken over',
    number: 'Number here',
    signatures: 'Signatures in the file',
    integrity: { intact: 'intact, not changed since', unsigned: 'no electronic signature in the file', unknown: 'cannot be told', altered: 'changed after it was signed' },
    next: 'Next: ask to cancel it',
    open: 'See the contract',
  },
  join: {
    title: 'Join a contract',
    lead: 'Ask the seller for these. If any of them does not fit, nothing is found.',
    find: 'Find',
    found: 'Found contract {number}',
    enter: 'Join',
  },
}

export default matters
