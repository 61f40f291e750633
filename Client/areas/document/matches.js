// @ts-check
// Records that the document may mean: patients, practices, payers, each with a score and why. A person says which one it is.

import { chip, component, html, icon } from '../../kit/ui.js'
import { t } from '../../lang/words.js'

/** @type {['patient' | 'practice' | 'payer', string, string][]} */
const subjects = [['patient', 'Patient on record', 'user'], ['practice', 'Practice on record', 'service'], ['payer', 'Payer on record', 'shield']]

export const matchesView = component((/** @type {{ desk: import('./desk.js').Desk }} */ { desk }) => {
  /** @param {import('./desk.js').Match} match */
  const line = (match) => html`<li class=${`match ${match.state}`}><p><strong>${match.name}</strong></p>
    <p class="answer-note">${chip(match.certain ? t('surely') : t('perhaps'), 'ai', 'sparkles')} <span class="number">${t('{n} %', { n: Math.floor(match.score * 100) })}</span>
      ${match.state === 'chosen' ? chip(t('this one'), 'ok', 'check') : match.state === 'refused' ? chip(t('not this one'), 'warn', 'x') : ''}</p>
    <ul class="why">${(match.why ?? []).map((why) => html`<li class="dim"><span class="number">${(why.points > 0 ? '+' : '') + Math.round(why.points * 100)}</span> ${t(why.what)}: ${why.note}</li>`)}</ul>
    ${desk.isOpen.value && html`<div class="answer-buttons">${match.state !== 'chosen' && html`<button type="button" class="button small" aria-label=${t('This one: {name}', { name: match.name })} @click=${() => void desk.say(match, 'action_choose')}>${icon('check')}<span>${t('This one')}</span></button>`}
      ${match.state !== 'refused' && html`<button type="button" class="button small plain" aria-label=${t('Not this one: {name}', { name: match.name })} @click=${() => void desk.say(match, 'action_refuse')}>${icon('x')}<span>${t('Not this one')}</span></button>`}</div>`}</li>`
  const group = (/** @type {typeof subjects[0]} */ [subject, title, symbol]) => {
    const all = desk.matches.value.filter((match) => match.subject === subject)
    const problem = desk.problems.value[`${subject}_match`]
    return all.length > 0 && html`<div class="match-group" id=${`answer-${subject}_match`} tabindex="-1" role="group" aria-label=${t(title)}><h3>${icon(symbol)} ${t(title)}</h3>${problem && html`<p class="problem">${t(problem)}</p>`}
      <ul>${all.map(line)}</ul>${desk.isOpen.value && all.some((match) => match.state !== 'refused') && html`<button type="button" class="button small plain" aria-label=${t('None of them: {title}', { title: t(title) })} @click=${() => void desk.none(all)}>${icon('minus')}<span>${t('None of them')}</span></button>`}</div>`
  }
  return html`<div class="matches">${() => desk.matches.value.length > 0 && html`<section class="block" aria-label=${t('On record')}><h2>${t('On record')}${desk.isOpen.value && html` <button type="button" class="button small plain" @click=${() => void desk.lookAgain()}>${icon('refresh')}<span>${t('Look again')}</span></button>`}</h2>${subjects.map(group)}</section>`}</div>`
})
