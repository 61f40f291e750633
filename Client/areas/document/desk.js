// @ts-check
// What the parts of the document viewer share: the sheet that the server sends, the answers as they stand, and what a person decides
// about each value that the machine read.

import { showFailure, toast } from '../../kit/ui.js'
import { computed, signal } from '../../kit/reactive.js'
import { Refused, records } from '../../data/api.js'
import { t } from '../../lang/words.js'
import { dropDraft, keepDraft, keptDraft } from '../../views/drafts.js'

const draftOf = 'care.document.sheet'

/**
 * @typedef {{ name: string, label: string, hint: string, kind: 'line' | 'text' | 'choice', required: boolean, limit: number, choices: [string, string][] }} Question
 * @typedef {{ id: number, part: number | null, field: string, value: string, confidence: number, standing: string, page: number, box: number[], rule: string, state: string, under: string, final: string, decided_by: string, decided_on: string }} Read
 * @typedef {{ id: number, number: number, kind: string, confidence: number, pages: number[], patient: number, checked: boolean }} Part
 * @typedef {{ id: number, subject: 'patient' | 'practice' | 'payer', name: string, score: number, certain: boolean, state: 'open' | 'chosen' | 'refused', why: { what: string, points: number, note: string }[] }} Match
 * @typedef {ReturnType<typeof createDesk>} Desk
 */

/**
 * A call of a document's sheet.
 * @param {number} id
 * @param {Record<string, any>} [body] answers; without them the sheet is read
 */
async function sheetCall(id, body) {
  let response
  try {
    response = await fetch(`/documents/${id}/sheet`, body
      ? { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), credentials: 'same-origin' } : { credentials: 'same-origin' })
  } catch {
    throw new Refused(0, { code: 'client.unreachable', detail: t('The server cannot be reached.'), instruction: t('What you typed is kept. Try again when the connection is back.') })
  }
  const answer = await response.json().catch(() => ({}))
  if (response.ok) return answer
  throw Object.assign(new Refused(response.status, answer), { errors: answer.errors ?? [] })
}

/**
 * The desk of one document.
 * @param {number} id
 */
export function createDesk(id) {
  const sheet = signal(/** @type {any} */ (null))
  const failure = signal(/** @type {any} */ (null))
  const typed = signal(/** @type {Record<string, string>} */ ({}))
  const problems = signal(/** @type {Record<string, string>} */ ({}))
  const focused = signal('')
  const page = signal(1)
  const chosenPart = signal(/** @type {number | null} */ (null))
  const isBusy = signal(false)

  const questions = computed(() => /** @type {Question[]} */ ((sheet.value?.form ?? []).flatMap((/** @type {any} */ part) => part.fields)))
  const parts = computed(() => /** @type {Part[]} */ (sheet.value?.parts ?? []))
  const reads = computed(() => /** @type {Read[]} */ ((sheet.value?.suggestions ?? []).filter((/** @type {Read} */ each) => each.state !== 'missed')))
  /** The part that is entered: the chosen one, else the first of which something was read, as the server takes it. */
  const part = computed(() => {
    if (chosenPart.value !== null && parts.value.some((each) => each.id === chosenPart.value)) return chosenPart.value
    return [...reads.value].sort((a, b) => a.id - b.id)[0]?.part ?? null
  })
  const byField = computed(() => new Map(reads.value.filter((each) => each.part === part.value).map((each) => [each.field, each])))
  const isOpen = computed(() => Boolean(sheet.value?.may_enter))
  const undecided = computed(() => questions.value.filter((question) => byField.value.get(question.name)?.state === 'proposed'))

  /** @param {Read | undefined} read */
  const startOf = (read) => !read ? '' : read.state === 'accepted' || read.state === 'corrected' ? read.final : read.state === 'proposed' && read.standing !== 'doubtful' ? read.value : ''
  /** @param {string} name */
  const value = (name) => name in typed.value ? typed.value[name] : startOf(byField.value.get(name)) || (name === 'urgency' && !byField.value.has(name) ? 'routine' : '')
  /** The answers by field. */
  const values = () => Object.fromEntries(questions.peek().map((question) => [question.name, value(question.name)]))

  /** @param {Record<string, string>} next */
  function keep(next) {
    typed.value = next
    keepDraft(draftOf, id, 1, Object.fromEntries(questions.peek().map((question) => [question.name, true])), next)
  }
  async function load() {
    try {
      sheet.value = await sheetCall(id)
      failure.value = null
    } catch (error) {
      failure.value = error
    }
  }
  async function begin() {
    await load()
    const kept = keptDraft(draftOf, id)
    if (kept && isOpen.peek()) typed.value = kept.values
    const first = questions.peek().find((question) => byField.peek().get(question.name)?.state === 'proposed')
    if (first) page.value = byField.peek().get(first.name)?.page ?? 1
  }

  /**
   * What is wrong with one answer, as the server says; empty when nothing is.
   * @param {string} name
   */
  async function check(name) {
    try {
      const { errors } = await sheetCall(id, { values: values(), trial: true, fields: [name] })
      problems.value = { ...problems.peek(), [name]: errors[0]?.message ?? '' }
    } catch (error) {
      problems.value = { ...problems.peek(), [name]: /** @type {any} */ (error).message }
    }
    return problems.peek()[name]
  }

  /** @param {() => Promise<any>} work */
  async function run(work) {
    if (isBusy.peek()) return false
    isBusy.value = true
    try {
      await work()
      await load()
      return true
    } catch (error) {
      showFailure(error)
      await load()
      return false
    } finally {
      isBusy.value = false
    }
  }
  /** @param {Read} read @param {string} name @param {Record<string, any>} [args] */
  const decide = (read, name, args = {}) => run(async () => {
    if (read.state !== 'proposed') await records.act('care.suggestion', read.id, 'action_reopen')
    if (name !== 'action_reopen') await records.act('care.suggestion', read.id, name, args)
  })

  /**
   * Accepts what stands in an answer: the value as it was read, or another one as its correction.
   * @param {string} name
   */
  async function accept(name) {
    const read = byField.peek().get(name)
    const stands = value(name).trim()
    if (!read) return !(await check(name))
    if (!stands) {
      if (read.state === 'proposed' && !(name in typed.peek())) keep({ ...typed.peek(), [name]: read.value })
      else return reject(name, 'action_reject')
    }
    if (await check(name)) return false
    const answer = value(name).trim()
    if (answer === read.value && read.state === 'accepted') return true
    if (answer === read.final && read.state === 'corrected') return true
    const isDone = answer === read.value ? await decide(read, 'action_accept') : await decide(read, 'action_correct', { value: answer })
    if (isDone) forget(name)
    return isDone
  }
  /**
   * Says that a value is wrong, or that the page does not say it.
   * @param {string} name
   * @param {'action_reject' | 'action_absent'} action
   */
  async function reject(name, action) {
    const read = byField.peek().get(name)
    if (!read) return false
    const isDone = await decide(read, action)
    if (isDone) forget(name)
    return isDone
  }
  /** @param {string} name */
  async function again(name) {
    const read = byField.peek().get(name)
    if (read && await decide(read, 'action_reopen')) forget(name)
  }
  /** @param {string} name */
  function forget(name) {
    const rest = { ...typed.peek() }
    delete rest[name]
    keep(rest)
    problems.value = { ...problems.peek(), [name]: '' }
  }
  /**
   * Something was typed: a value that the machine read is corrected by it, once it is one.
   * @param {string} name
   * @param {string} next
   */
  async function type(name, next) {
    if (next === value(name)) return
    keep({ ...typed.peek(), [name]: next })
    const read = byField.peek().get(name)
    if (read && next.trim()) await accept(name)
    else if (!read) await check(name)
  }
  /** Sends the answers; the referral that was made, or null with the problems at their fields. */
  async function send() {
    isBusy.value = true
    try {
      const made = await sheetCall(id, { values: values(), ...(part.peek() !== null && { part: part.peek() }) })
      dropDraft(draftOf, id)
      typed.value = {}
      return made
    } catch (error) {
      const { errors } = /** @type {any} */ (error)
      if (errors?.length) problems.value = Object.fromEntries(errors.map((/** @type {any} */ each) => [each.field, each.message]))
      else showFailure(error)
      return null
    } finally {
      isBusy.value = false
    }
  }
  /** @param {number} partId @param {string} name @param {Record<string, any>} args @param {string} words */
  const tell = async (partId, name, args, words) => {
    if (await run(() => records.act('care.document.part', partId, name, args))) toast(words)
  }
  const matches = computed(() => /** @type {Match[]} */ (sheet.value?.matches ?? []))
  /** @param {Match} match @param {'action_choose' | 'action_refuse'} name */
  const say = (match, name) => run(async () => {
    await records.act('care.document.match', match.id, name)
    problems.value = { ...problems.peek(), [`${match.subject}_match`]: '' }
  })
  /** @param {Match[]} all */
  const none = (all) => run(async () => {
    for (const match of all) if (match.state !== 'refused') await records.act('care.document.match', match.id, 'action_refuse')
    problems.value = { ...problems.peek(), [`${all[0].subject}_match`]: '' }
  })
  /** Looks for records again, by what the answers say now. */
  const lookAgain = () => run(() => records.act('care.document', id, 'action_match', { values: values() }))
  const lastPage = computed(() => sheet.value?.page_count ?? 0)
  /** @param {string} name */
  function focus(name) {
    focused.value = name
    const read = byField.peek().get(name)
    if (read?.page) page.value = read.page
  }
  return { id, sheet, failure, typed, problems, focused, page, lastPage, chosenPart, part, parts, questions, matches, byField, isOpen, isBusy, undecided, value, load, begin, check, accept, reject, again, type, send, tell, say, none, lookAgain, focus }
}
