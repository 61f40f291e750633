// @ts-check
// The second factor: what one types into the phone, and the codes for a day without it.

import { component, html, icon } from '../kit/ui.js'
import { t } from '../lang/words.js'

/**
 * A key in groups of four, as one types it.
 * @param {string} key
 */
const grouped = (key) => key.replace(/(.{4})(?=.)/g, '$1 ')

/**
 * The picture that the phone's camera reads, dark on light whatever the look of the page is.
 * @param {{ size: number, path: string }} picture
 */
const scanned = ({ size, path }) => html`<svg class="phone-picture" viewBox=${`0 0 ${size} ${size}`} role="img" aria-label=${t('QR code for the app on your phone. Without a camera type the key below it.')} shape-rendering="crispEdges"><rect width=${size} height=${size} /><path d=${path} /></svg>`

/** What to do with the phone, and the field for the code that shows that it was done. */
export const phoneSteps = component((/** @type {{key: string, address: string, picture?: { size: number, path: string }}} */ enrolment) => html`
  <ol class="steps"><li>${t('Open the app for codes on your phone and add an account.')}</li>
    <li>${enrolment.picture ? t('Scan this picture with it, or type the key.') : t('Type this key, or open the link on the phone itself.')}
      ${enrolment.picture && scanned(enrolment.picture)}
      <p class="phone-key code" aria-label=${t('Key')}>${grouped(enrolment.key)}</p><p><a href=${enrolment.address}>${t('Open in the app on this device')}</a></p></li>
    <li>${t('Enter the six digits that it shows.')}</li></ol>`)

/**
 * The field for a code.
 * @param {string} described The id of what says what was wrong.
 */
export const codeField = (described) => html`<div class="field"><label for="totp">${t('Code from your phone')}</label>
  <input class="input code" id="totp" name="totp" inputmode="numeric" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required aria-describedby=${described}
    ref=${(/** @type {HTMLElement} */ e) => queueMicrotask(() => e.focus())}></div>`

/** Ten codes to keep, and the ways to keep them. */
export const recoveryCodes = component((/** @type {string[]} */ codes) => html`<div class="stack"><p>${t('Each of these codes signs you in once when you are without the phone. They are shown this once: print them or keep them in a safe place.')}</p>
  <ul class="codes code" aria-label=${t('Recovery codes')}>${codes.map((code) => html`<li>${code}</li>`)}</ul>
  <div><button type="button" class="button" @click=${() => void navigator.clipboard?.writeText(codes.join('\n'))}>${icon('copy')}<span>${t('Copy')}</span></button></div></div>`)
