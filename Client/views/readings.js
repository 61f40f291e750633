// @ts-check
// What the machine read for a record: each value with its page, how sure it was, and who decided what about it.

import { component, html, icon } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { showMoment } from '../data/format.js'
import { t } from '../lang/words.js'
import { fieldName, outcome, sure } from '../areas/document/says.js'

/** @param {{ model: string, through: string, id: number }} of */
export const readings = component(({ model, through, id }) => {
  const rows = signal(/** @type {any[]} */ ([]))
  call('search', {
    model, domain: [[through, '=', id]], fields: ['field', 'value', 'final_value', 'confidence', 'page', 'state', 'document_id', 'decided_by_id', 'decided_on', 'accepted_under'], order: 'document_id, page, id', limit: 100,
  }).then((answer) => (rows.value = answer.rows), () => {})
  const count = (/** @type {string} */ state) => rows.value.filter((row) => row.state === state).length
  const line = (/** @type {any} */ row) => html`<li><p><span class="dim">${fieldName(row.field)}</span> <strong>${row.state === 'proposed' ? row.value : row.final_value || '–'}</strong></p>
    <p class="reading-facts">${row.state !== 'missed' && sure(row.confidence)} ${row.state === 'proposed' ? html`<span class="chip">${t('to be decided')}</span>` : outcome(row.state)}
      ${row.state !== 'proposed' && row.state !== 'missed' && row.final_value !== row.value && html`<span>${t('read: “{value}”', { value: row.value })}</span>`}
      ${row.decided_by_id && html`<span class="dim">${row.decided_by_id.display_name}${row.decided_on && `, ${showMoment(row.decided_on)}`}</span>`}
      ${row.accepted_under && html`<span class="dim">${t('by the policy {name}', { name: row.accepted_under })}</span>`}
      ${row.document_id && html`<a href=${`/app/document/${row.document_id.id}${row.page ? `?page=${row.page}` : ''}`}>${row.page ? t('Page {n}', { n: row.page }) : t('Document')}</a>`}</p></li>`
  return html`<div class="readings">${() => rows.value.length > 0 && html`<section class="block suggestions"><h3>${icon('sparkles')} ${t('Read by the machine')}</h3>
    <details><summary>${t('{all|One value|{all} values}: {right} accepted, {changed} corrected', { all: rows.value.length, right: count('accepted'), changed: count('corrected') })}${count('proposed') > 0 && html` · ${t('{n} to be decided', { n: count('proposed') })}`}</summary><ul>${rows.value.map(line)}</ul></details></section>`}</div>`
})
