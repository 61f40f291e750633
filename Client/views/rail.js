// @ts-check
// What stands beside a form: clocks, the checklist, and proposals of the machine.

import { chip, component, html, icon, showFailure, toast } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { records } from '../data/api.js'
import { deadline, now, showMinutes, showMoment } from '../data/format.js'
import { t } from '../lang/words.js'
import { activities } from './activities.js'
import { askAction } from './ask.js'
import { readings } from './readings.js'
import { release } from './release.js'

/** Who may do what is looked at by few: it loads when it is first shown. */
const accessBlock = signal(/** @type {any} */ (null))

/** @param {import('./record.js').RecordState} state */
export const rail = component((state) => {
  if ((state.view.peek()?.form.rail ?? []).some((/** @type {any} */ part) => part.kind === 'access') && !accessBlock.peek()) import('./access.js').then((m) => (accessBlock.value = m.access), () => {})
  return html`<aside class="rail" aria-label=${t('Overview')}>${() => (state.view.value?.form.rail ?? []).map((/** @type {any} */ part) => {
  if (part.kind === 'readings') return state.data.value?.id && readings({ model: part.model, through: part.through, id: state.data.value.id })
  if (part.kind === 'access') return state.data.value?.id && accessBlock.value?.(state)
  if (part.kind === 'release') return html`<section class="block"><h3>${t('The way into force')}</h3>${release({ version: () => state.data.value?.id ?? 0, changed: () => void state.reload(), isBeside: true })}</section>`
  const rows = state.data.value?.values[part.field] ?? []
  if (!rows.length) return null
  if (part.kind === 'clocks') return clocks(rows)
  return part.kind === 'checklist' ? checklist(state, part, rows) : suggestions(state, part, rows)
})}${() => state.view.value?.chatter && activities(state)}</aside>`
})

/** @param {any[]} rows */
function clocks(rows) {
  const open = rows.filter((clock) => clock.state !== 'stopped')
  const shown = open.length ? open : rows.slice(0, 2)
  return html`<section class="block"><h3>${t('Promises')}</h3><ul class="clocks">${shown.map((clock) => html`<li>
    <div class="clock-line"><span>${clock.name}</span>${() => clockChip(clock)}</div>
    <div class="meter" role="img" aria-label=${t('{used} of {all} used', { used: showMinutes(clock.elapsed_now), all: showMinutes(clock.target_minutes) })}><span class=${clock.is_breached ? 'danger' : clock.is_warned ? 'warn' : ''}
      style=${{ '--part': `${Math.min(100, (100 * clock.elapsed_now) / Math.max(1, clock.target_minutes))}%` }}></span></div>
    <small class="dim">${clock.breach_at && clock.state === 'running' ? t('by {time}', { time: showMoment(clock.breach_at) }) : t('{used} of {all}', { used: showMinutes(clock.elapsed_now), all: showMinutes(clock.target_minutes) })}</small></li>`)}</ul></section>`
}

/** @param {any} clock */
function clockChip(clock) {
  if (clock.state === 'paused') return chip(t('resting'), '', 'clock')
  if (clock.state === 'stopped') return clock.outcome === 'broken' ? chip(t('broken'), 'danger', 'alarm') : clock.outcome === 'kept' ? chip(t('kept'), 'ok', 'check') : chip(t('void'))
  if (!clock.breach_at) return chip(t('running'), '', 'clock')
  const due = deadline(clock.breach_at)
  return now.value && chip(due.text, clock.is_breached ? 'danger' : due.tone, due.icon)
}

/**
 * Runs an action of a record that belongs to this one.
 * @param {import('./record.js').RecordState} state
 * @param {any} part
 * @param {any} row
 * @param {any} action
 */
async function runPart(state, part, row, action) {
  const model = state.data.peek().parts[part.field].model
  const needsWords = ['action_waive'].includes(action.name)
  let args = {}
  if (needsWords) {
    const answers = await askAction(t(action.title), { weight: 'plain', consequence: '', asks: [
      { name: 'reason_id', title: 'Reason', kind: 'record', model: 'care.reason', domain: '[]', required: true, hint: '' }, { name: 'comment', title: 'Comment', kind: 'text', required: false, hint: '' },
    ] }, { model, id: row.id, subject: row.display_name })
    if (!answers) return
    args = answers
  }
  try {
    await records.act(model, row.id, action.name, args, row.record_version)
    await state.reload()
    toast(t('“{action}” is done.', { action: t(action.title) }))
  } catch (error) {
    showFailure(error)
  }
}

/** @param {import('./record.js').RecordState} state @param {any} part @param {any} row */
const partActions = (state, part, row) => (state.data.value?.parts[part.field]?.actions?.[row.id] ?? []).map((/** @type {any} */ action) => html`<button type="button" class="button small" aria-label=${`${t(action.title)}: ${row.display_name}`} @click=${() => runPart(state, part, row, action)}>${t(action.title)}</button>`)

/** @param {import('./record.js').RecordState} state @param {any} part @param {any[]} rows */
function checklist(state, part, rows) {
  const isDone = (/** @type {any} */ row) => part.done.includes(row[part.state])
  const done = rows.filter(isDone).length
  const list = (/** @type {any[]} */ some) => html`<ul class="checks">${some.map((row) => html`<li class=${isDone(row) ? 'done' : 'open'}>
    <span class="check-mark">${icon(isDone(row) ? 'check' : 'minus', isDone(row) ? t('done') : t('missing'))}</span><span class="check-name">${row.display_name}${row[part.state] === 'waived' && html` <small class="dim">${t('waived')}</small>`}</span>
    <span class="check-actions">${!isDone(row) && partActions(state, part, row)}</span></li>`)}</ul>`
  return html`<section class="block"><h3>${t('Checklist')} <span class="dim number">${t('{done} of {all}', { done, all: rows.length })}</span></h3>${list(rows.filter((row) => !isDone(row)))}
    ${done > 0 && html`<details class="done-list"><summary>${icon('check')}<span>${t('{n|one is here|{n} are here}', { n: done })}</span></summary>${list(rows.filter(isDone))}</details>`}</section>`
}

/** @param {import('./record.js').RecordState} state @param {any} part @param {any[]} rows */
function suggestions(state, part, rows) {
  const open = rows.filter((row) => row[part.state] === part.open)
  return open.length > 0 && html`<section class="block suggestions"><h3>${icon('sparkles')} ${t('Suggestions')}</h3><ul>${open.map((row) => html`<li>
    <p>${chip(row.score >= 0.9 ? t('very likely') : row.score >= 0.7 ? t('likely') : t('unsure'), 'ai')} <span class="number">${Math.round(row.score * 100)} %</span> ${t('May be the same as another record.')}</p>
    <ul class="why">${(Array.isArray(row.explanation) ? row.explanation : []).slice(0, 4).map((/** @type {any} */ why) => html`<li class="dim">${why.note || why.what}</li>`)}</ul>
    <div class="check-actions">${partActions(state, part, row)}</div></li>`)}</ul></section>`
}
