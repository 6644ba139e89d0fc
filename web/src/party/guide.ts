/**
 * What there is to do in a case, step by step, as the city's own rules say: what is done, what is mine, whose move it
 * is. Made of the case, the profile and the acts open to me; knows no city by name. Pure.
 */

import { isMyMove, mayConsent, rowOf } from './cancelling'
import type { Case, City, OpenAct, Profile } from './profile'
import { wards } from './representing'

export type Standing = 'done' | 'todo' | 'blocked' | 'waiting'

export interface Step {
  /** `guide.<key>` is its sentence. */
  key: string
  facts: Record<string, string>
  standing: Standing
  /** Where it is done. */
  to?: string
  /** What stands in the way, in both languages. */
  why: { zh: string; en: string }[]
}

export interface Words {
  slot: (slot: string) => string
  form: (name: string) => string
  paper: (name: string) => string
}

/** A notary office has something to do, or is about to. */
export const OPEN_MATTER: ReadonlySet<string> = new Set(['prepared', 'pushed', 'qr_returned', 'verifying', 'submitted', 'supplement', 'accepted'])

const ORDER = ['opened', 'drafting', 'text_ready', 'signing', 'signed', 'in_review', 'filed', 'registering', 'transferred']

/** Every step of the stage the case is in, in the order in which the city goes. */
export function guide(subject: Case, city: City, open: readonly OpenAct[], words: Words): Step[] {
  const sale = city.profile.sale
  if (!sale && subject.state === 'filed') return taken(subject, open)
  if (!sale || !subject.people || !subject.text || !subject.house) return cancelling(subject, city)
  const maker = new Maker(subject, city, open, words)
  if (subject.state === 'opened' || subject.state === 'drafting') return maker.entering(sale)
  if (subject.state === 'text_ready') return maker.preparing(sale)
  if (subject.state === 'signing') return maker.signing()
  if (subject.state === 'cancelling') return cancelling(subject, city)
  return maker.filing()
}

/** How far the case has come: 0 at the beginning, 1 at the end. */
export function progress(state: string): number {
  return Math.max(0, ORDER.indexOf(state)) / (ORDER.length - 1)
}

export function isMine(steps: readonly Step[]): boolean {
  return steps.some((step) => step.standing === 'todo')
}

class Maker {
  private readonly steps: Step[] = []
  private readonly sides: Set<string>
  private readonly base: string

  constructor(
    private readonly subject: Case,
    private readonly city: City,
    private readonly open: readonly OpenAct[],
    private readonly words: Words,
  ) {
    this.sides = new Set(subject.you.as)
    this.base = `/cases/${subject.case_no}`
  }

  entering(sale: NonNullable<Profile['sale']>): Step[] {
    const { subject } = this
    this.notices('verify_property')
    this.face('open', 'check-property', subject.house?.checked != null)
    this.one('house', 'check-property', subject.house?.checked != null, `${this.base}/house`)
    if (subject.state === 'opened') return this.steps
    const parties = subject.people?.parties ?? []
    const sellers = parties.filter((party) => party.side === 'seller')
    const buyers = parties.filter((party) => party.side === 'buyer')
    this.one('sellers', 'set-sellers', sellers.length > 0 && sellers.every((party) => party.phone), this.to('set-sellers'))
    this.represented('seller')
    const clauses = Object.keys(subject.text?.clauses ?? {}).length > 0
    this.one('clauses', 'save-clauses', clauses, `${this.base}/clauses`)
    for (const form of sale.entry.forms) {
      const isDone = form.name in (subject.text?.forms ?? {})
      this.one('form', 'save-form', isDone, `${this.base}/form/${form.name}`, { name: this.words.form(form.name) })
    }
    const joins = sale.entry.buyers.join !== 'none' && sale.entry.buyers.by === 'buyer'
    if (joins && !buyers.length && this.sides.has('seller')) this.waits('wait_buyer')
    else {
      this.face('join', 'generate-text', false)
      this.one('buyers', 'set-buyers', buyers.length > 0 && buyers.every((p) => p.phone) && !!subject.people?.co_ownership, this.to('set-buyers'))
    }
    this.represented('buyer')
    this.materials('generate_text')
    this.notices('generate_text')
    this.supervision()
    const makers = this.able('generate_text')
    if (makers.some((side) => this.sides.has(side))) this.one('generate', 'generate-text', false, this.to('generate-text'))
    else this.waits('generate')
    return this.steps
  }

  preparing(sale: NonNullable<Profile['sale']>): Step[] {
    const { subject } = this
    const qualification = subject.papers?.qualification.state ?? 'none'
    if (sale.preparation.qualification.need !== 'never' && !this.isNeedless('apply-qualification', 'qualification.not_needed')) {
      const isDone = qualification === 'passed' || qualification === 'used'
      const act = qualification === 'applied' ? 'settle-qualification' : 'apply-qualification'
      this.one('qualification', act, isDone, `${this.base}/qualification`)
    }
    for (const undertaking of sale.preparation.undertakings) {
      const isDone = (subject.papers?.undertakings ?? []).some((each) => each.template === undertaking.template)
      const to = `${this.base}/undertaking/${undertaking.template}`
      // Everybody signs it, one side hands it in (SZ-65, SZ-66).
      if (!undertaking.uploaded_by || this.sides.has(undertaking.uploaded_by)) this.one('undertaking', 'upload-undertaking', isDone, to)
      else this.push('undertaking', isDone ? 'done' : 'waiting', {}, to)
    }
    this.materials('start_signing')
    if (sale.preparation.confirmers !== 'nobody') {
      const mine = subject.you.parties.filter((key) => subject.waiting_for.includes(key))
      const confirmed = (subject.text?.confirmations ?? []).some((each) => subject.you.parties.includes(each.party))
      this.face('confirm', 'confirm-text', confirmed)
      this.one('confirm', 'confirm-text', confirmed && !mine.length, `${this.base}/contract?for=confirm`)
    }
    this.notices('start_signing')
    this.one('start_signing', 'start-signing', false, this.to('start-signing'))
    return this.steps
  }

  signing(): Step[] {
    const { subject } = this
    const signing = subject.signing
    const method = signing?.method ?? 'app'
    const names = new Map((subject.people?.parties ?? []).map((party) => [party.key, party.name]))
    if (method === 'otp') {
      for (const side of ['seller', 'buyer']) {
        const isDone = (signing?.side_codes ?? []).some((each) => each.side === side)
        this.one('side_code', 'request-side-code', isDone, `${this.base}/codes`, { side })
      }
      return this.steps
    }
    if (method === 'wet') {
      this.one('wet', 'upload-signed-scan', signing?.wet != null, `${this.base}/scan`)
      this.extras()
      return this.steps
    }
    for (const task of signing?.tasks ?? []) {
      const isDone = task.signed_at !== null
      const mine = subject.you.parties.includes(task.party)
      const party = names.get(task.party) ?? task.party
      const facts = { name: task.signer_name && task.signer_name !== party ? `${party}（${task.signer_name}）` : party }
      if (mine) this.one('sign', 'sign', isDone, `${this.base}/sign/${task.party}`, facts)
      else this.push('sign', isDone ? 'done' : 'waiting', facts)
    }
    return this.steps
  }

  filing(): Step[] {
    const { subject } = this
    const at = ORDER.indexOf(subject.state)
    if (subject.state === 'filed' && subject.text?.amendments.some((each) => each.effective_at === null) && subject.filing) {
      this.one('amendment', 'give-amend-code', false, `${this.base}/amend`)
    }
    if (this.city.profile.sale?.signing.printed_after && subject.state === 'signed') {
      this.one('prints', 'download-text', subject.signing?.wet != null, `${this.base}/scan`)
    }
    if (subject.signing?.method === 'wet' && subject.state === 'signed') this.extras()
    if (this.city.profile.filing?.review) {
      if (subject.state === 'signed') this.licences()
      if (subject.state === 'signed') this.materials('submit_filing')
      this.one('submit', 'submit-filing', at > ORDER.indexOf('signed'), this.to('submit-filing'))
      const isPassed = subject.filing?.review?.decision === 'approved' || at > ORDER.indexOf('in_review')
      this.push('review', isPassed ? 'done' : 'waiting')
      this.push('seal', subject.filing?.sealed ? 'done' : 'waiting')
    }
    this.push('registry', subject.state === 'transferred' ? 'done' : 'waiting')
    return this.steps
  }

  // --- pieces

  private notices(before: string): void {
    for (const notice of this.city.profile.sale?.entry.notices ?? []) {
      if (notice.before !== before || !notice.sides.some((side) => this.sides.has(side))) continue
      const mine = this.subject.you.parties
      const isDone = (this.subject.text?.receipts ?? []).some(
        (receipt) => receipt.subject === notice.template && (receipt.party === null || !mine.length || mine.includes(receipt.party)),
      )
      const title = this.city.profile.templates[notice.template]?.title ?? notice.template
      const passed = before === 'verify_property' && this.subject.house?.checked != null
      this.one('read_notice', 'read-notice', isDone || passed, `${this.base}/notice/${notice.template}`, { title })
    }
  }

  /** A child, an organisation: somebody acts for them, and is named before the text is made. */
  private represented(side: string): void {
    const found = wards(this.subject, this.city).filter((party) => party.side === side)
    if (!found.length) return
    const isDone = found.every((party) => !party.unrepresented.length)
    this.one('represent', 'set-representation', isDone, `${this.base}/represent`, { name: found.map((party) => party.name).join('、') })
  }

  /** The case does not say who was checked; the act that needs it does. */
  private face(purpose: string, act: string, isPast: boolean): void {
    const rule = this.city.profile.people.checks.find((check) => check.purpose === purpose)
    if (!rule?.sides.some((side) => this.sides.has(side)) || !rule.any_of.includes('face')) return
    const found = this.open.find((each) => each.name === act)
    const isUnchecked = (found?.in_the_way ?? []).some((each) => each.code === 'person.unchecked')
    if (found || isPast) this.one('face', 'start-face-check', isPast || !isUnchecked, `${this.base}/face/${purpose}`)
  }

  private materials(before: string): void {
    const rules = this.city.profile.sale?.preparation.materials
    if (!rules || !rules.uploaded_by.some((side) => this.sides.has(side))) return
    for (const slot of rules.slots) {
      if (slot.before !== before || !slot.required) continue
      const onMySide = !rules.uploaded_by.includes('buyer') || slot.sides.some((side) => this.sides.has(side))
      if (!onMySide) continue
      const owners = (this.subject.people?.parties ?? []).filter(
        (party) => slot.sides.includes(party.side) && (this.sides.has(party.side) || !rules.uploaded_by.includes(party.side)),
      )
      const held = this.subject.papers?.handed_in ?? []
      const isDone = owners.length > 0 && owners.every((party) => held.some((m) => m.slot === slot.slot && m.party === party.key))
      this.one('materials', 'upload-material', isDone, `${this.base}/materials/${slot.slot}`, { slot: this.words.slot(slot.slot) })
    }
  }

  /** With the party's word the identity document is fetched; without it, uploaded. */
  private licences(): void {
    const mine = this.subject.you.parties
    const found = this.open.find((each) => each.name === 'authorise-licences')
    if (!this.city.profile.sale?.preparation.materials?.e_licence || !found || !mine.length) return
    const held = this.subject.papers?.handed_in ?? []
    const allowed = new Set(this.subject.papers?.licences_allowed ?? [])
    const isDone = mine.every((key) => allowed.has(key) || held.some((each) => each.slot === 'identity' && each.party === key))
    this.one('licences', 'authorise-licences', isDone, `${this.base}/licences`)
  }

  /** What goes with a contract signed by hand: the notary's certificate of one with somebody from abroad (SZ-80). */
  private extras(): void {
    const { subject } = this
    const held = new Set((subject.signing?.extra_papers ?? []).map((each) => each.paper))
    for (const extra of wantedExtras(subject, this.city)) {
      const to = extra.notarised ? `${this.base}/notarised/${extra.paper}` : `${this.base}/scan`
      const facts = { paper: this.words.paper(extra.paper) }
      if (held.has(extra.paper)) this.push('extra', 'done', facts, to)
      else if (isBeforeNotary(subject)) this.push('extra', 'waiting', facts, to)
      else this.push('extra', subject.signing?.wet ? 'todo' : 'blocked', facts, to, subject.signing?.wet ? [] : [SCAN_FIRST])
    }
  }

  /** Chosen in the form; opened at the bank when the price is known (ZS-36). */
  private supervision(): void {
    const chosen = this.subject.filing?.supervision
    if (!chosen || !this.city.profile.filing?.fund_supervision) return
    this.one('supervision', 'open-supervision', chosen.opened_at !== null, `${this.base}/supervision`)
  }

  private able(event: string): string[] {
    return this.city.lifecycle.filter((line) => line.event === event).flatMap((line) => line.by)
  }

  private isNeedless(act: string, code: string): boolean {
    return (this.open.find((each) => each.name === act)?.in_the_way ?? []).some((each) => each.code === code)
  }

  private to(act: string): string {
    return `${this.base}/do/${act}`
  }

  /** A step of mine if the act is open to me; else it is known by whether it is done. */
  private one(key: string, act: string, isDone: unknown, to: string, facts: Record<string, string> = {}): void {
    const found = this.open.find((each) => each.name === act)
    if (isDone) this.push(key, 'done', facts, found ? to : undefined)
    else if (found) {
      const why = distinct(found.in_the_way.filter((each) => !this.isAnsweredHere(act, String(each.code))))
      this.push(key, why.length && !FORMS.has(act) ? 'blocked' : 'todo', facts, to, why)
    } else if (act !== 'start-face-check' && act !== 'read-notice') this.push(key, 'waiting', facts)
  }

  /** Nothing is known of a house before anybody has asked for it. */
  private isAnsweredHere(act: string, code: string): boolean {
    return act === 'check-property' && !this.subject.house?.checked && code.startsWith('house.')
  }

  private waits(key: string): void {
    this.push(key, 'waiting')
  }

  private push(key: string, standing: Standing, facts: Record<string, string> = {}, to?: string, why: Step['why'] = []): void {
    this.steps.push({ key, facts, standing, why, ...(to === undefined ? {} : { to }) })
  }
}

/** Papers besides the contract that the circumstances of its parties ask for. */
export function wantedExtras(subject: Case, city: City): { paper: string; notarised: boolean }[] {
  if (subject.signing?.method !== 'wet') return []
  const why = new Set<string>(subject.signing.bars.map((bar) => bar.circumstance))
  const rules = (city.profile.sale?.signing.wet_extra ?? []).filter((rule) => why.has(rule.circumstance))
  const named = new Map(rules.map((rule) => [rule.paper, { paper: rule.paper, notarised: rule.notarised === true }]))
  return [...named.values()]
}

function isBeforeNotary(subject: Case): boolean {
  const matter = subject.notary?.current
  return matter?.purpose === 'contract' && OPEN_MATTER.has(matter.state)
}

const SCAN_FIRST = { zh: '请先上传签字后的合同扫描件', en: 'hand in the scan of the signed contract first' }

/** What stands in the way of these is what the form itself will hold. */
const FORMS = new Set(['save-clauses', 'set-buyers', 'set-sellers', 'save-form'])

function distinct(findings: readonly Record<string, unknown>[]): { zh: string; en: string }[] {
  const found = new Map(findings.map((each) => [String(each.code), { zh: String(each.zh), en: String(each.en) }]))
  return [...found.values()]
}

/** A contract that was taken over to be cancelled. */
function taken(subject: Case, open: readonly OpenAct[]): Step[] {
  const isMine = open.some((each) => each.name === 'request-cancel')
  return isMine ? [{ key: 'ask_cancel', facts: {}, standing: 'todo', to: `/cases/${subject.case_no}/cancel`, why: [] }] : []
}

function cancelling(subject: Case, city: City): Step[] {
  if (subject.state !== 'cancelling') return []
  if (subject.notary?.current) return [beforeNotary(subject)]
  const row = rowOf(subject, city)
  const key = mayConsent(subject, row) ? 'consent' : 'cancelling'
  const standing = isMyMove(subject, row) ? 'todo' : 'waiting'
  return [{ key, facts: {}, standing, to: `/cases/${subject.case_no}/cancel`, why: [] }]
}

/** A purchaser's own task, or the developer's: the page behind it knows the steps. */
function beforeNotary(subject: Case): Step {
  const matter = subject.notary?.current
  const mine = (matter?.tasks ?? []).filter((task) => subject.you.parties.includes(task.party))
  const isCalled = ['qr_returned', 'verifying', 'supplement'].includes(matter?.state ?? '')
  const isMine = isCalled && mine.some((task) => task.submitted_at === null)
  const isDevelopers = subject.you.as.includes('developer') && ['prepared', 'supplement'].includes(matter?.state ?? '')
  const standing = isMine || isDevelopers ? 'todo' : 'waiting'
  return { key: 'notary', facts: {}, standing, to: `/cases/${subject.case_no}/notary`, why: [] }
}
