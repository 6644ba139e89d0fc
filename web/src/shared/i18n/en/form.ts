/** Forms: checks, drafts, files and what is told beside a field. */

import type zh from '../zh/form'

const form: typeof zh = {
  form: {
    yuan: 'yuan',
    squareMetres: 'm²',
    add: 'Add: {name}',
    removePart: 'Remove: {name}',
    regionOfId: 'Choose the region the document belongs to',
    nationality: 'Which country?',
    rare: 'Special cases (from abroad, organisations, limited capacity)',
    required: 'This is required',
    later: 'needed before the contract is made',
    draft: 'Draft kept on this device',
    restored: 'What you typed before was restored',
    discard: 'Discard draft',
    noDraft: 'This device keeps no drafts: do not close the page',
    wrong: 'Please check what is marked',
    errors: '{count} things to correct',
    length: 'Wrong number of characters',
    characters: 'Has characters that do not belong there',
    date: 'The date in it does not exist',
    checksum: 'The check digit does not fit: please compare',
    phone: 'A mobile number has 11 digits',
    share: 'Write a fraction, e.g. 1/2',
    shareSum: 'Shares add up to {sum}; they must make 1',
    amount: 'Write a sum, e.g. 1286500.00',
    pattern: 'Not of the right form',
    tooLong: 'At most {max} characters',
    min: 'Not less than {min}',
    max: 'Not more than {max}',
    minItems: 'At least {min}',
    item: 'Item {number}',
    include: 'Fill in: {name}',
    file: 'Choose a file or take a photo',
    fileMissing: 'Choose a file',
    fileHint: 'PDF, JPEG or PNG, at most 20 MB',
    fileTooLarge: 'The file is larger than 20 MB',
    compressed: 'Made smaller: {before} → {after}',
  },
  advice: {
    sum: 'The payments sum to {sum} yuan, the price is {price}',
    deposit: 'Deposits may be a fifth of the price at most (Civil Code, art. 586)',
    dateOrder: 'Due before the payment above it ({last}): please check',
  },
}

export default form
