// @ts-check
// What was read from a document that is entered already: each value with its page, how sure the machine was, and who decided.

import { component, html } from '../../kit/ui.js'
import { showMoment } from '../../data/format.js'
import { t } from '../../lang/words.js'
import { outcome, ruleWords, sure } from './says.js'
import { matchesView } from './matches.js'
import { partsView } from './parts.js'

export const readView = component((/** @type {{ desk: import('./desk.js').Desk }} */ { desk }) => {
  const line = (/** @type {any} */ question) => {
    const read = desk.byField.value.get(question.name)
    return read && html`<li><div class=${() => `answer-row${desk.focused.value === question.name ? ' focused' : ''}`} id=${`answer-row-${question.name}`} tabindex="-1" role="group" aria-label=${t(question.label)}>
      <span class="label">${t(question.label)}</span><p class="read-value">${read.state === 'proposed' ? read.value : read.final || '–'}</p>
      <p class="answer-note">${sure(read.confidence)} ${read.final !== read.value && read.state !== 'proposed' && html`<span>${t('read: “{value}”', { value: read.value })}</span>`} <span class="dim">${ruleWords(read.rule)}</span>
        <button type="button" class="page-link" @click=${() => desk.focus(question.name)}>${t('Page {n}', { n: read.page })}</button></p>
      <div class="answer-buttons">${outcome(read.state)}${read.under && html`<span class="dim">${t('by the policy {name}', { name: read.under })}</span>`}<span class="dim">${read.decided_by}${read.decided_on && `, ${showMoment(read.decided_on.slice(0, 19).replace('T', ' '))}`}</span></div></div></li>`
  }
  return html`<div class="answers"><div class="answers-scroll" tabindex="0" role="region" aria-label=${t('What was read')}>${partsView({ desk })}
    <section class="block"><h2>${t('What was read')}</h2><ul class="answer-rows">${() => desk.questions.value.map(line)}</ul></section>${matchesView({ desk })}</div></div>`
})
