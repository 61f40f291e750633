// @ts-check
// Begins: asks who is signed in, then shows the shell or the sign-in form.

import { announcer, html, mount, toasts } from './kit/ui.js'
import { signal } from './kit/reactive.js'
import { call, sessionEnded } from './data/api.js'
import { listen } from './data/events.js'
import { useZone } from './data/format.js'
import { forgetSeen, keepFor } from './data/seen.js'
import { startOffline } from './shell/offline.js'
import { start } from './shell/state.js'
import { shell } from './shell/shell.js'
import { signInForm } from './shell/signin.js'
import { restorePreferences, startLanguage } from './shell/preferences.js'

const stage = signal(/** @type {'waiting' | 'signin' | 'shell' | 'failed' | 'join'} */ ('waiting'))
const join = signal(/** @type {any} */ (null))
const failure = signal(/** @type {any} */ (null))

async function begin() {
  if (location.pathname === '/app/join') {
    join.value = (await import('./shell/join.js')).joinForm
    return void (stage.value = 'join')
  }
  try {
    const answer = await call('start')
    if (!answer.user) {
      forgetSeen()
      return void (stage.value = 'signin')
    }
    keepFor(answer.user.id, answer.offline)
    await startLanguage(answer.user.language)
    useZone(answer.user.zone)
    start.value = answer
    sessionEnded.value = false
    if (stage.peek() !== 'shell') {
      stage.value = 'shell'
      listen()
      startOffline(answer.offline)
    }
  } catch (error) {
    if (/** @type {any} */ (error).status === 401) stage.value = 'signin'
    else {
      failure.value = error
      stage.value = 'failed'
    }
  }
}

restorePreferences()
await startLanguage('')
mount(document.body, () => html`<div class="root">
  ${() => {
    switch (stage.value) {
      case 'signin': return signInForm(begin)
      case 'shell': return shell()
      case 'join': return join.value()
      case 'failed': return html`<main class="lone"><div class="panel stack"><h1>${failure.value?.message}</h1><p>${failure.value?.instruction}</p>
        <button type="button" class="button primary" @click=${begin}>Try again</button></div></main>`
      default: return null
    }
  }}
  ${() => sessionEnded.value && stage.value === 'shell' && signInForm(begin, true)}
  ${toasts()}${announcer()}
</div>`)
await begin()
performance.mark('ready')
