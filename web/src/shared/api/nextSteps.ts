/** What to do after a refusal, by its code: the longest beginning that is listed. A sentence each, `problem.next.<key>`. */

/** Sentences that only the code can tell; what the status tells is in `problem.ts`. */
const BY_CODE: Readonly<Record<string, string>> = {
  // codes and links that come by message
  code: 'code',
  'code.too_soon': 'later',
  'code.too_many': 'later',
  'code.locked': 'code_locked',
  captcha: 'captcha',
  sign_link: 'sign_link',
  link: 'window',
  // who somebody is, and for whom they act
  check: 'check',
  person: 'check',
  face: 'check',
  consent: 'consent',
  account: 'account',
  real_name: 'account',
  login: 'account',
  party: 'whose',
  'act.not_yours': 'whose',
  'signing.not_the_signer': 'signer',
  auth: 'whose',
  staff: 'whose',
  agency: 'whose',
  csrf: 'reload',
  representation: 'represent',
  guardian: 'represent',
  mandate: 'represent',
  handler: 'represent',
  agent: 'represent',
  authority: 'represent',
  organisation: 'represent',
  capacity: 'represent',
  sides: 'represent',
  // where the case is
  act: 'place',
  'act.not_in_city': 'elsewhere',
  profile: 'elsewhere',
  city: 'elsewhere',
  'case.guards_refuse': 'listed',
  'case.changed': 'reload',
  'case.busy': 'later',
  'case.property_taken': 'house_taken',
  'case.unknown': 'whose_case',
  'case.missing': 'whose_case',
  case: 'place',
  text: 'text',
  confirmation: 'text',
  notice: 'text',
  contract: 'place',
  signing: 'order',
  'signing.done': 'place',
  'signing.no_phone': 'phone',
  sign: 'order',
  review: 'place',
  filing: 'place',
  registry: 'place',
  import: 'place',
  // the house, the money, the office
  house: 'house',
  property: 'house',
  owner: 'house',
  titles: 'house',
  lookup: 'house',
  assessment: 'place',
  eligibility: 'qualification',
  qualification: 'qualification',
  supervision: 'bank',
  // services outside, and the machine room
  'outside.refused': 'outside',
  'outside.refused.credential': 'operator',
  'outside.login_refused': 'login',
  'storage.object_missing': 'operator',
  // papers
  material: 'papers',
  paper: 'papers',
  undertaking: 'papers',
  extra_paper: 'papers',
  licence: 'papers',
  scan: 'papers',
  upload: 'papers',
  video: 'papers',
  photo: 'papers',
  page: 'papers',
  document: 'papers',
  'request.too_large': 'smaller',
  // ending and changing
  cancel: 'cancel',
  'cancel.numbers_wrong': 'correct',
  'cancel.no_phone': 'window',
  amendment: 'amend',
  'amendment.being_sealed': 'later',
  expiry: 'place',
  // before a notary
  notary: 'notary',
  notarised: 'notary',
  certificate: 'notary',
  package: 'notary',
  agreement: 'notary',
  supplement: 'notary',
  // what was typed
  input: 'correct',
  form: 'correct',
  field: 'correct',
  number: 'correct',
  phone: 'correct',
  buyers: 'buyers',
  co_owners: 'correct',
  co_ownership: 'correct',
  share: 'correct',
  terms: 'correct',
  business_number: 'correct',
  reason: 'correct',
  join: 'join',
}

/** The key of the sentence; `null` where the code tells nothing more than its status. */
export function nextByCode(code: string): string | null {
  const parts = code.split('.')
  for (let length = parts.length; length > 0; length -= 1) {
    const found = BY_CODE[parts.slice(0, length).join('.')]
    if (found) return found
  }
  return null
}

/** Every key there is; a test looks for their sentences. */
export const NEXT_BY_CODE = [...new Set(Object.values(BY_CODE))]
