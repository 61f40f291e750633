// @ts-check
// What an action asks before it runs: its consequence in words and its questions, with the verb on the button.

import { component, html, icon, openDialog } from '../kit/ui.js'
import { signal } from '../kit/reactive.js'
import { editor, outgoing } from '../fields/edit.js'
import { t } from '../lang/words.js'

const types = { line: 'char', text: 'text', number: 'float', day: 'date', moment: 'datetime', choice: 'selection', record: 'many2one' }

/**
 * Asks; nothing is answered when the person steps back.
 * @param {string} title
 * @param {any} facts the action as the views declare it
 * @param {{ model: string, id: number | null, subject: string }} about
 * @returns {Promise<Record<string, any> | undefined>}
 */
export const askAction = (title, facts, about) => openDialog(title, (close) => askForm(title, facts, about, close))

const askForm = component((/** @type {string} */ title, /** @type {any} */ facts, /** @type {any} */ about, /** @type {(answer?: any) => void} */ close) => {
  const answers = signal(/** @type {Record<string, any>} */ ({}))
  const missing = signal(/** @type {string[]} */ ([]))
  const fields = facts.asks.map((/** @type {any} */ ask) => ({
    ask, field: { name: ask.name, string: ask.title, type: /** @type {any} */ (types)[ask.kind], relation: ask.model, selection: ask.choices, required: ask.required },
  }))
  /** @param {Event} event */
  function submit(event) {
    event.preventDefault()
    missing.value = fields.filter((/** @type {any} */ { ask }) => ask.required && !answers.peek()[ask.name]).map((/** @type {any} */ { ask }) => ask.name)
    if (missing.peek().length) return document.getElementById(`ask-${missing.peek()[0]}`)?.focus()
    /** @type {Record<string, any>} */
    const values = {}
    for (const { ask, field } of fields) if (answers.peek()[ask.name]) values[ask.name] = outgoing(answers.peek()[ask.name], field)
    close(values)
  }
  return html`<form class="stack" novalidate @submit=${submit}><div><h2>${title}</h2><p class="dim">${about.subject}</p></div>
    ${facts.consequence && html`<p class="consequence">${icon('alert')}<span>${t(facts.consequence)}</span></p>`}
    ${fields.map((/** @type {any} */ { ask, field }) => html`<div class="field"><label for=${`ask-${ask.name}`}>${t(ask.title)}${!ask.required && html` <span class="optional">(${t('optional')})</span>`}</label>
      ${ask.hint && html`<span class="hint" id=${`ask-${ask.name}-hint`}>${t(ask.hint)}</span>`}
      ${() => missing.value.includes(ask.name) && html`<span class="problem">${ask.kind === 'record' || ask.kind === 'choice' ? t('Choose an answer.') : t('Enter an answer.')}</span>`}
      ${editor({
        id: `ask-${ask.name}`, field, value: () => answers.value[ask.name], set: (value) => (answers.value = { ...answers.peek(), [ask.name]: value }),
        ask: ask.kind === 'record' && ask.domain !== '[]' ? { where: ask.domain, of: about.model, ...(about.id && { record: about.id }) } : {}, describedBy: ask.hint ? `ask-${ask.name}-hint` : undefined,
        isWrong: () => missing.value.includes(ask.name),
      })}</div>`)}
    <div class="dialog-foot"><button type="button" class="button" @click=${() => close()}>${t('Cancel')}</button>
      <button type="submit" class=${`button ${facts.weight === 'danger' ? 'danger' : 'primary'}`}>${title}</button></div></form>`
})
