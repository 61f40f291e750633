// @ts-check
// Seeing as somebody else: the bar that says so, and how it begins and ends in all pages of this browser.

import { component, html, icon, showFailure } from '../kit/ui.js'
import { onCleanup } from '../kit/reactive.js'
import { call } from '../data/api.js'
import { timeZone } from '../data/format.js'
import { forgetSeen } from '../data/seen.js'
import { language, t } from '../lang/words.js'
import { unsaved } from './router.js'

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('baton-seeing') : null

/** Everything anew: what is on the page is somebody else's. */
function turn() {
  forgetSeen()
  channel?.postMessage('turned')
  unsaved.value = false
  location.assign('/app')
}

/**
 * Begins; the server refuses whoever may not.
 * @param {number} user
 */
export async function beginSeeing(user) {
  await call('view_as', { user })
  turn()
}

/** Ends. */
const stop = () => call('view_as').then(turn, showFailure)

/** Other pages of this browser follow at once. */
export function followSeeing() {
  channel?.addEventListener('message', () => {
    forgetSeen()
    location.assign('/app')
  })
}

/** @param {string} moment as the server writes it */
const at = (moment) => Date.parse(`${moment.replace(' ', 'T')}Z`)

/** @param {{ name: string, by: string, until: string, now: string }} of */
export const seeingBar = component(({ name, by, until, now }) => {
  // By the server's clock, whatever this machine's says.
  const end = Date.now() + at(until) - at(now)
  const timer = setTimeout(turn, Math.max(1_000, end - Date.now()))
  onCleanup(() => clearTimeout(timer))
  const clock = new Intl.DateTimeFormat(language(), { timeStyle: 'short', timeZone: timeZone() }).format(end)
  return html`<div class="seeing-line" role="region" aria-label=${t('Seeing as somebody else')}>${icon('user')}<span><strong>${t('You see this as {name} does.', { name })}</strong> ${t('You are {by}. Nothing can be changed; what you look at stands in the audit trail. It ends at {time}.', { by, time: clock })}</span>
    <button type="button" class="button small" @click=${stop}>${t('Stop seeing as {name}', { name })}</button></div>`
})
