/** Chinese, the first language of the pages, by area. */

import acts from './acts'
import ofCase from './case'
import changing from './changing'
import desk from './desk'
import enums from './enum'
import fields from './fields'
import form from './form'
import frame from './frame'
import matters from './matters'
import me from './me'
import preparing from './preparing'
import problem from './problem'
import signing from './signing'
import verify from './verify'

const words = {
  ...frame,
  ...me,
  ...matters,
  ...ofCase,
  ...form,
  ...preparing,
  ...signing,
  ...changing,
  ...verify,
  ...problem,
  ...desk,
  ...enums,
  ...acts,
  ...fields,
}

export default words
