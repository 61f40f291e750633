// @ts-check
// What this tab opened last, for the time without a connection: to read only, gone with the tab, at sign-out, and when somebody else signs
// in. The place may forbid it.

import { signal } from '../kit/reactive.js'

const PREFIX = 'baton.seen '
const KEPT = ['start', 'search', 'record', 'view', 'dashboard']
/** The most answers that are kept, and the longest, in letters. */
const MOST = 60
const LONGEST = 400_000

let mayKeep = false
let owner = 0
/** When what is shown was read, while it is not from the server now; 0 otherwise. */
export const seenAt = signal(0)

const names = () => Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))
/** Forgets everything. */
export const forgetSeen = () => names().forEach((name) => sessionStorage.removeItem(name))

/**
 * Says whose answers they are and whether they may be kept.
 * @param {number} user
 * @param {boolean} isAllowed
 */
export function keepFor(user, isAllowed) {
  if (!isAllowed || (owner && owner !== user)) forgetSeen()
  owner = user
  mayKeep = isAllowed
}

/** @param {string} name @param {Record<string, any>} body */
const keyOf = (name, body) => `${PREFIX}${name} ${JSON.stringify(body)}`

/** Makes room: the oldest goes. */
function dropOldest() {
  const oldest = names().map((name) => ({ name, at: parseInt(sessionStorage.getItem(name) ?? '0') })).sort((a, b) => a.at - b.at)[0]
  if (oldest) sessionStorage.removeItem(oldest.name)
}

/** @param {string} name @param {Record<string, any>} body @param {any} answer */
export function remember(name, body, answer) {
  if (!KEPT.includes(name)) return
  seenAt.value = 0
  if (!mayKeep && name !== 'start') return
  if (name === 'start' && !(answer.user && answer.offline)) return
  const text = `${Date.now()}|${JSON.stringify(answer)}`
  if (text.length > LONGEST) return
  for (let tries = 0; tries < 5; tries++) {
    try {
      if (names().length >= MOST) dropOldest()
      return sessionStorage.setItem(keyOf(name, body), text)
    } catch {
      dropOldest()
    }
  }
}

/**
 * What was answered to the same question before; nothing when it was not asked.
 * @param {string} name
 * @param {Record<string, any>} body
 */
export function recall(name, body) {
  if (!KEPT.includes(name)) return undefined
  try {
    const text = sessionStorage.getItem(keyOf(name, body))
    if (!text) return undefined
    const at = text.indexOf('|')
    seenAt.value = Number(text.slice(0, at))
    return JSON.parse(text.slice(at + 1))
  } catch {
    return undefined
  }
}
