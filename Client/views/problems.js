// @ts-check
// What is wrong in a form, at its top: each line leads to its field.

import { component, html, icon } from '../kit/ui.js'
import { t } from '../lang/words.js'

export const problemSummary = component((/** @type {any} */ problems, /** @type {any} */ view) => {
  const wrong = () => Object.entries(problems.value).filter(([, text]) => text)
  return html`<div role="alert">${() => wrong().length > 0 && html`<div class="notice danger problem-list">${icon('alert')}<div><p class="strong">${t('{n|One field needs your attention|{n} fields need your attention}', { n: wrong().length })}</p>
    <ul>${wrong().map(([name, text]) => html`<li><a href=${`#field-${name}`} @click=${(/** @type {Event} */ e) => {
      e.preventDefault()
      e.stopPropagation()
      document.getElementById(`field-${name}`)?.focus()
    }}>${t(view.value?.fields[name]?.string ?? name)}: ${text}</a></li>`)}</ul></div></div>`}</div>`
})
