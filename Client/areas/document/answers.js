// @ts-check
// The questions of a referral beside the pages: each with what the machine read, how sure it is and why, and what a person makes of it.

import { announce, component, confirmStep, html, icon, toast } from '../../kit/ui.js'
import { computed, onCleanup } from '../../kit/reactive.js'
import { t } from '../../lang/words.js'
import { offer } from '../../shell/keys.js'
import { go } from '../../shell/router.js'
import { recordAddress } from '../../shell/state.js'
import { outcome, ruleWords, sure } from './says.js'
import { matchesView } from './matches.js'
import { partsView } from './parts.js'

export const answersView = component((/** @type {{ desk: import('./desk.js').Desk }} */ { desk }) => {
  const names = () => desk.questions.peek().map((question) => question.name)
  const host = (/** @type {string} */ name) => document.getElementById(`answer-row-${name}`)
  /** @param {string} name */
  function show(name) {
    desk.focus(name)
    host(name)?.focus()
    host(name)?.scrollIntoView({ block: 'nearest' })
  }
  /** @param {number} by */
  function step(by) {
    const all = names()
    const at = all.indexOf(desk.focused.peek())
    show(all[Math.max(0, Math.min(all.length - 1, at + by))])
  }
  /** Goes to the next value about which nobody has decided, from the one at hand on. */
  function next() {
    const all = names()
    const at = all.indexOf(desk.focused.peek())
    const open = new Set(desk.undecided.peek().map((question) => question.name))
    const following = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((name) => open.has(name))
    if (following) show(following)
    else {
      announce(t('Everything that was read is decided.'))
      document.getElementById('send-answers')?.focus()
    }
  }
  async function acceptAndNext() {
    const name = desk.focused.peek()
    if (!name) return next()
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById(`answer-${name}`))
    if (input && input === document.activeElement && input.value !== desk.value(name)) await desk.type(name, input.value)
    if (await desk.accept(name)) next()
    else document.getElementById(`answer-${name}`)?.focus()
  }
  /** @param {'action_reject' | 'action_absent'} action */
  async function refuse(action) {
    const name = desk.focused.peek()
    if (name && await desk.reject(name, action)) next()
  }
  onCleanup(offer('answers', [
    { name: t('Accept and next'), keys: 'Ctrl Enter', icon: 'check', run: () => void acceptAndNext() }, { name: t('Accept and next'), keys: 'A', icon: 'check', run: () => void acceptAndNext() },
    { name: t('Next field'), keys: 'J', icon: 'arrow-down', run: () => step(1) }, { name: t('Field before'), keys: 'K', icon: 'arrow-up', run: () => step(-1) },
    { name: t('The value is wrong'), keys: 'W', icon: 'x', run: () => void refuse('action_reject') }, { name: t('Not on the page'), keys: 'X', icon: 'minus', run: () => void refuse('action_absent') },
    { name: t('Change the value'), keys: 'E', icon: 'pencil', run: () => document.getElementById(`answer-${desk.focused.peek()}`)?.focus() },
  ]))

  async function send() {
    const unsure = desk.undecided.peek().filter((question) => (desk.byField.peek().get(question.name)?.confidence ?? 1) < 0.9 && desk.value(question.name))
    if (unsure.length && !(await confirmStep(t('Make the referral?'), t('Nobody has looked at: {fields}. They count as you send them.', { fields: unsure.map((question) => t(question.label)).join(', ') }), t('Make the referral'), 'primary'))) return
    const made = await desk.send()
    if (!made) return void document.getElementById('answer-problems')?.focus()
    toast(t('Referral {number} was made.', { number: made.number }))
    go(recordAddress('care.referral', made.referral), { force: true })
  }

  /** @param {import('./desk.js').Question} question */
  const input = (question) => {
    const name = question.name
    const facts = { described: `answer-note-${name} answer-problem-${name}`, isWrong: () => (desk.problems.value[name] ? 'true' : null) }
    const typed = (/** @type {any} */ event) => void desk.type(name, event.target.value)
    if (question.kind === 'choice') return html`<select class="input" id=${`answer-${name}`} aria-describedby=${facts.described} aria-invalid=${facts.isWrong} @change=${typed}>
      <option value="" ?selected=${() => desk.value(name) === ''}>${t('Choose…')}</option>${question.choices.map(([key, label]) => html`<option value=${key} ?selected=${() => desk.value(name) === key}>${t(label)}</option>`)}</select>`
    if (question.kind === 'text') return html`<textarea class="input" id=${`answer-${name}`} rows="3" maxlength=${question.limit} .value=${() => desk.value(name)} aria-describedby=${facts.described} aria-invalid=${facts.isWrong} @change=${typed}></textarea>`
    return html`<input class="input" id=${`answer-${name}`} maxlength=${question.limit} autocomplete="off" .value=${() => desk.value(name)} aria-describedby=${facts.described} aria-invalid=${facts.isWrong} @change=${typed}>`
  }
  /** @param {import('./desk.js').Question} question */
  const note = (question) => {
    const read = desk.byField.value.get(question.name)
    if (!read) return question.hint && html`<span class="dim">${t(question.hint)}</span>`
    const isTold = read.state === 'proposed' && desk.value(question.name) !== read.value
    const isOther = read.state === 'corrected' || read.state === 'rejected' || read.state === 'absent'
    return html`${sure(read.confidence)} ${(isTold || isOther) && html`<span>${t('read: “{value}”', { value: read.value })}</span>`}
      <span class="dim">${ruleWords(read.rule)}</span> <button type="button" class="page-link" @click=${() => show(question.name)}>${t('Page {n}', { n: read.page })}</button>`
  }
  /** @param {import('./desk.js').Question} question */
  const buttons = (question) => {
    const read = desk.byField.value.get(question.name)
    if (!read) return null
    const label = t(question.label)
    if (read.state !== 'proposed') return html`${outcome(read.state)}<span class="dim">${read.decided_by}</span><button type="button" class="button small plain" aria-label=${t('Decide again: {field}', { field: label })} @click=${() => void desk.again(question.name)}>${icon('undo')}<span>${t('Decide again')}</span></button>`
    return html`<button type="button" class="button small" aria-label=${t('Accept {field}', { field: label })} @click=${() => void desk.accept(question.name)}>${icon('check')}<span>${t('Accept')}</span></button>
      <button type="button" class="button small plain" aria-label=${t('Wrong: {field}', { field: label })} @click=${() => void desk.reject(question.name, 'action_reject')}>${icon('x')}<span>${t('Wrong')}</span></button>
      <button type="button" class="button small plain" aria-label=${t('Not on the page: {field}', { field: label })} @click=${() => void desk.reject(question.name, 'action_absent')}>${icon('minus')}<span>${t('Not on the page')}</span></button>`
  }
  /** @param {import('./desk.js').Question} question */
  const row = (question) => html`<li><div class=${() => `answer-row ${desk.byField.value.get(question.name)?.state ?? 'unread'}${desk.focused.value === question.name ? ' focused' : ''}`} id=${`answer-row-${question.name}`} tabindex="-1" role="group" aria-label=${t(question.label)}
      @focusin=${() => desk.focused.peek() !== question.name && desk.focus(question.name)}>
    <label for=${`answer-${question.name}`}>${t(question.label)}${!question.required && html` <span class="optional">(${t('optional')})</span>`}</label>
    <span class="problem" id=${`answer-problem-${question.name}`} role="status">${() => desk.problems.value[question.name] && t(desk.problems.value[question.name])}</span>
    ${input(question)}
    <p class="answer-note" id=${`answer-note-${question.name}`}>${() => note(question)}</p>
    <div class="answer-buttons">${() => buttons(question)}</div></div></li>`

  const summary = () => {
    const wrong = Object.entries(desk.problems.value).filter(([, message]) => message)
    return wrong.length > 0 && html`<div class="answer-summary" id="answer-problems" tabindex="-1" role="alert"><h2>${t('{n|One answer needs|{n} answers need} your attention', { n: wrong.length })}</h2>
      <ul>${wrong.map(([name, message]) => html`<li>${name ? html`<a href=${`#answer-${name}`} @click=${(/** @type {Event} */ e) => {
        e.preventDefault()
        desk.focus(name)
        document.getElementById(`answer-${name}`)?.focus()
      }}>${t(message)}</a>` : t(message)}</li>`)}</ul></div>`
  }
  const groups = computed(() => desk.sheet.value?.form ?? [])
  const shape = computed(() => JSON.stringify(groups.value.map((/** @type {any} */ group) => group.fields.length)))
  return html`<div class="answers"><div class="answers-scroll" tabindex="0" role="region" aria-label=${t('Referral')}>
      ${partsView({ desk })}
      <p class="answer-hint">${icon('sparkles')}<span>${t('The machine read this. You decide: compare each value with the page.')}</span> <span class="dim">${t('A accepts and goes on, W is wrong, X is not on the page, J and K move.')}</span></p>
      ${summary}
      ${() => shape.value && groups.peek().map((/** @type {any} */ group, /** @type {number} */ i) => html`<section class="block"><h2>${t(group.title)}</h2><ul class="answer-rows">${group.fields.map(row)}</ul></section>${i === 0 && matchesView({ desk })}`)}</div>
    <div class="answers-foot"><span>${() => desk.undecided.value.length ? t('{n|One value is|{n} values are} still to be decided.', { n: desk.undecided.value.length }) : t('Everything that was read is decided.')}</span>
      <button type="button" class="button primary" id="send-answers" ?disabled=${desk.isBusy} @click=${send}>${icon('send')}<span>${t('Make the referral')}</span></button></div></div>`
})
