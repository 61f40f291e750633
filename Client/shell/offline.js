// @ts-check
// Without a connection: what the top of the page says, what waits to be sent, and the worker that keeps the program itself.

import { component, html, icon, toast } from '../kit/ui.js'
import { workerAddress } from '../kit/html.js'
import { effect, signal } from '../kit/reactive.js'
import { call, connection } from '../data/api.js'
import { seenAt } from '../data/seen.js'
import { sendWaiting, startQueue, waiting } from '../data/queue.js'
import { timeZone } from '../data/format.js'
import { language, t } from '../lang/words.js'
import { go } from './router.js'
import { recordAddress } from './state.js'

/** Milliseconds without the server before the page says more than a word. */
const PATIENCE = 1_500
/** Milliseconds after the start, when nobody waits for anything any more. */
const LATER = 4_000
const isLong = signal(false)

/** @param {boolean} isAllowed whether the place lets browsers keep anything */
export function startOffline(isAllowed) {
  startQueue({
    sent: (save) => toast(t('Sent: {title}.', { title: save.title })),
    refused: (save, error) => toast(t('Not saved: {title}. {reason} What you typed is kept there.', { title: save.title, reason: error.message }), {
      tone: 'danger', label: t('Open'), undo: () => void go(save.id ? recordAddress(save.model, save.id) : `${recordAddress(save.model, 0).replace('record=0', 'new=1')}`),
    }),
  })
  /** @type {number | undefined} */
  let timer
  effect(() => {
    clearTimeout(timer)
    if (connection.value === 'live') isLong.value = false
    else timer = setTimeout(() => (isLong.value = true), PATIENCE)
  })
  setTimeout(() => void keepProgram(isAllowed).catch(() => {}), LATER)
}

/** @param {boolean} isAllowed */
async function keepProgram(isAllowed) {
  if (!('serviceWorker' in navigator)) return
  if (!isAllowed) return void (await forgetProgram())
  const base = document.documentElement.dataset.base ?? ''
  await navigator.serviceWorker.register(workerAddress(), { scope: '/app/' })
  const { active } = await navigator.serviceWorker.ready
  const files = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname).filter((path) => path.startsWith(base))
  active?.postMessage({ base, files: [...new Set(files)] })
}

async function forgetProgram() {
  for (const each of await navigator.serviceWorker.getRegistrations()) await each.unregister()
  for (const name of await caches.keys()) await caches.delete(name)
}

/** Tries at once. */
async function tryNow() {
  try {
    await call('start')
    await sendWaiting()
  } catch { /* the bar stays */ }
}

/** What stands below the bar while the server is away or saves wait. */
export const offlineBar = component(() => html`<div class="away" role="status">${() => (isLong.value || waiting.value.length > 0) && html`<div class="away-line">
  ${icon('offline')}<span>${() => [
    isLong.value && (navigator.onLine ? t('The server cannot be reached.') : t('You are offline.')),
    isLong.value && (seenAt.value > 0 ? t('You see what was opened last, as of {time}.', { time: showClock(seenAt.value) }) : t('What you type is kept.')),
    waiting.value.length > 0 && t('Waiting to send, {n}', { n: waiting.value.length }),
  ].filter(Boolean).join(' ')}</span><button type="button" class="button small" @click=${tryNow}>${t('Try again')}</button></div>`}</div>`)

/** @param {number} at */
const showClock = (at) => new Intl.DateTimeFormat(language(), { timeStyle: 'short', timeZone: timeZone() }).format(at)
