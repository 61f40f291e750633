// @ts-check
// The way of a draft into force: checks and tests, what differs, what it would have changed, review and release.

import { chip, component, html, icon, showFailure, toast } from '../kit/ui.js'
import { computed, effect, onCleanup, signal, untracked } from '../kit/reactive.js'
import { call, records } from '../data/api.js'
import { reload } from '../data/events.js'
import { showMoment, showNumber } from '../data/format.js'
import { t } from '../lang/words.js'
import { placeOfModel, recordAddress } from '../shell/state.js'
import { askAction } from './ask.js'

const model = 'governance.version'
const steps = [['draft', 'Draft'], ['in_review', 'In review'], ['released', 'In force']]
const weights = { main: 0, plain: 1, quiet: 2, danger: 3 }

/** @param {any} value */
const short = (value) => {
  const text = value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 140 ? `${text.slice(0, 140)}…` : text
}
/**
 * What an answer of a simulation comes to, in words; what the machine notes for itself is left out.
 * @param {any} outcome
 * @param {Record<string, any>} [fields] of the record, for their labels
 */
export function outcomeWords(outcome, fields = {}) {
  if (outcome === null || outcome === undefined) return t('nothing')
  if (!outcome.writes && !outcome.does) return short(outcome)
  const writes = Object.entries(outcome.writes ?? {}).filter(([name]) => name !== 'record_version').map(([name, value]) => t('sets {field} to {value}', { field: t(fields[name]?.string ?? name), value: short(value) }))
  const does = Object.entries(outcome.does ?? {}).filter(([what]) => !what.endsWith(' approval.doer')).map(([what, n]) => `${what} × ${n}`)
  return [...writes, ...does].join(', ') || t('nothing')
}

export const release = component((/** @type {{ version: () => number, changed: () => void, isBeside?: boolean }} */ { version, changed, isBeside = false }) => {
  const data = signal(/** @type {any} */ (null))
  const facts = signal(/** @type {any} */ ({}))
  const changes = signal(/** @type {any[]} */ ([]))
  const runs = signal(/** @type {any[]} */ ([]))
  const isBusy = signal(false)
  async function load() {
    const id = version()
    // Whoever may not read versions is told so without asking for them.
    if (!id || !placeOfModel(model)) return void (data.value = null)
    try {
      const [answer, found] = await Promise.all([
        records.read(model, id, true),
        call('search', { model: 'governance.simulation', domain: [['version_id', '=', id]], fields: ['state', 'days', 'report', 'finished_on', 'create_date'], order: 'id desc', limit: 3 }).catch(() => ({ rows: [] })),
      ])
      facts.value = answer.view.actions
      changes.value = (await records.method(model, 'diff', {}, [id]).catch(() => [])).flatMap(parted)
      runs.value = found.rows
      data.value = answer
    } catch (error) {
      showFailure(error)
    }
  }
  effect(() => {
    version()
    untracked(load)
  })
  /**
   * A difference; what is new altogether is told value by value.
   * @param {any} change
   * @returns {any[]}
   */
  const parted = (change) => {
    const isNew = change.old === null || change.old === false
    const values = isNew && change.new && typeof change.new === 'object' && !Array.isArray(change.new) ? change.new.values ?? change.new : null
    if (!values) return [change]
    return Object.entries(values).filter(([, value]) => value !== null && value !== false && value !== '' && !(Array.isArray(value) && !value.length)).map(([name, value]) => ({ path: change.path ? `${change.path}.${name}` : name, old: null, new: value }))
  }
  onCleanup(reload([model, 'governance.simulation'], load, 300))
  // A simulation is its asker's alone, and no stream tells of it while it waits: then it is asked for.
  const poll = setInterval(() => void (runs.peek().some((run) => run.state === 'waiting') && load()), 2000)
  onCleanup(() => clearInterval(poll))
  /** @param {any} action */
  async function run(action) {
    const look = facts.peek()[action.name] ?? { asks: [], consequence: '', weight: 'plain' }
    const now = data.peek()
    let args = {}
    if (look.asks.length || look.consequence) {
      const answers = await askAction(t(action.title), look, { model, id: now.id, subject: now.values.display_name })
      if (!answers) return
      args = answers
    }
    isBusy.value = true
    try {
      await records.act(model, now.id, action.name, args, now.values.record_version)
      toast(t('“{action}” is done.', { action: t(action.title) }))
      changed()
    } catch (error) {
      showFailure(error)
    } finally {
      isBusy.value = false
      load()
    }
  }
  const actions = computed(() => [...(data.value?.actions ?? [])].map((action) => ({ ...action, weight: facts.value[action.name]?.weight ?? 'plain', icon: facts.value[action.name]?.icon ?? '' })).sort((a, b) => weights[/** @type {'main'} */ (a.weight)] - weights[/** @type {'main'} */ (b.weight)]))
  const report = () => {
    const said = data.value?.values.report
    if (!said) return html`<p class="dim">${t('Not checked yet.')}</p>`
    const problems = said.problems ?? []
    const tests = said.tests ?? []
    return html`<ul class="checks">${problems.map((/** @type {any} */ each) => html`<li><span class="check-mark">${icon('x', t('problem'))}</span><span class="check-name">${each.message} <small class="dim">${each.place} ${each.remedy}</small></span></li>`)}
      ${problems.length === 0 && html`<li class="done"><span class="check-mark">${icon('check', t('done'))}</span><span class="check-name">${t('No problem was found.')}</span></li>`}
      ${tests.map((/** @type {any} */ each) => html`<li class=${each.passed ? 'done' : ''}><span class="check-mark">${icon(each.passed ? 'check' : 'x', each.passed ? t('passed') : t('failed'))}</span><span class="check-name">${each.name}<small class="dim"> ${each.passed ? '' : each.message}</small></span></li>`)}
      ${tests.length === 0 && html`<li><span class="check-mark">${icon('minus', t('missing'))}</span><span class="check-name">${t('There are no tests inside.')}</span></li>`}</ul>`
  }
  /** @param {any} one */
  const simulation = (one) => {
    const said = one.report
    if (one.state === 'waiting' || !said) return html`<p class="notice">${icon('clock')}<span>${t('The simulation of the last {n} days runs.', { n: one.days })}</span></p>`
    return html`<div class="simulation"><p><strong>${t('{n|One answer|{n} answers} of {all} would have been different', { n: said.changed, all: said.concerned })}</strong> <span class="dim">${t('last {n} days, {events} events, {records|one record|{records} records}', { n: said.days, events: showNumber(said.events), records: said.changed_records })}</span></p>
      ${!said.complete && html`<p>${chip(t('A limit was reached'), 'warn')}</p>`}
      ${said.conflicts.length > 0 && html`<ul>${said.conflicts.map((/** @type {any} */ each) => html`<li>${chip(t('conflict'), 'warn', 'alert')} ${each.what} × ${each.count}</li>`)}</ul>`}
      ${said.failures.length > 0 && html`<ul>${said.failures.map((/** @type {any} */ each) => html`<li>${chip(t('refused'), 'danger', 'alert')} ${each.what} × ${each.count}</li>`)}</ul>`}
      ${said.examples.length > 0 && html`<div class="scroll" tabindex="0" role="region" aria-label=${t('Examples')}><table class="plain-table"><thead><tr><th scope="col">${t('Record')}</th><th scope="col">${t('Until now')}</th><th scope="col">${t('With this version')}</th></tr></thead><tbody>
        ${said.examples.map((/** @type {any} */ each) => html`<tr><th scope="row"><a href=${recordAddress(each.model, each.id)}>#${each.id}</a> <span class="dim">${showMoment(String(each.moment).slice(0, 19).replace('T', ' '))}</span></th><td>${outcomeWords(each.before)}</td><td>${outcomeWords(each.after)}</td></tr>`)}</tbody></table></div>`}</div>`
  }
  const frame = () => {
    const now = data.value
    const at = steps.findIndex(([name]) => name === now.values.state)
    return html`<div class="release-body">${!isBeside && html`<ol class="path" aria-label=${t('State')}>${steps.map(([name, label], i) => html`<li class=${i < at ? 'past' : i === at ? 'now' : ''} aria-current=${i === at && 'step'} title=${t(label)}>${i < at && icon('check', t('done'))}<span>${t(label)}</span></li>`)}</ol>
      <div class="actions">${actions.value.map((action) => html`<button type="button" class=${`button${action.weight === 'main' ? ' primary' : action.weight === 'danger' ? ' plain' : ''}`} ?disabled=${isBusy} @click=${() => void run(action)}>${action.icon && icon(action.icon)}<span>${t(action.title)}</span></button>`)}</div>`}
      <section class="block"><h3>${t('Checks and tests')}</h3>${report()}</section>
      <section class="block"><h3>${t('What differs')} <span class="dim number">${changes.value.length || ''}</span></h3>${changes.value.length === 0 ? html`<p class="dim">${t('Nothing differs from the version before.')}</p>`
        : html`<ul class="changes">${changes.value.slice(0, 40).map((change) => html`<li><span class="dim" title=${change.path}>${t(change.label || change.path)}</span> ${change.old !== false && change.old !== null && html`<del>${t(change.old_text || short(change.old))}</del> `}<span aria-hidden="true">→</span> <ins>${t(change.new_text || short(change.new))}</ins></li>`)}</ul>`}</section>
      <section class="block"><h3>${t('What it would have changed')}</h3>${runs.value.length === 0 ? html`<p class="dim">${t('Not simulated yet.')}</p>` : runs.value.map(simulation)}</section></div>`
  }
  return html`<div class="release">${() => data.value ? frame() : html`<p class="dim">${!placeOfModel(model) ? t('Drafts and releases are for those who write and release definitions.') : version() ? t('Loading') : t('What runs is what was released last; there is no draft.')}</p>`}</div>`
})
