// @ts-check
// Reactive core. A signal holds a value, a computed value derives from signals, and an effect
// re-runs when something it read has another value. Effects are batched into one microtask.

/** @typedef {{ sources: Map<Cell, number>, invalidate(): void }} Observer what it read, with the versions it saw */
/** @typedef {{ cleanups: (() => void)[] }} Scope */
/**
 * @template T
 * @typedef {{ readonly value: T, peek(): T }} Readable
 */
/**
 * @template T
 * @typedef {{ value: T, peek(): T }} Signal
 */

/** @type {Observer | null} */
let observer = null
/** @type {Scope | null} */
let scope = null
/** @type {Set<() => void>} */
const queue = new Set()
let scheduled = false

class Cell {
  /** @type {Set<Observer>} */
  observers = new Set()
  /** Raised when the value is another one. */
  version = 0

  track() {
    if (!observer) return
    this.observers.add(observer)
    observer.sources.set(this, this.version)
  }

  /** Brings the version up to date. */
  refresh() {}

  notify() {
    for (const dependent of [...this.observers]) dependent.invalidate()
  }
}

/** @template T */
class SignalCell extends Cell {
  /** @param {T} initial */
  constructor(initial) {
    super()
    this.current = initial
  }

  get value() {
    this.track()
    return this.current
  }

  set value(next) {
    if (Object.is(next, this.current)) return
    this.current = next
    this.version++
    this.notify()
  }

  peek() {
    return this.current
  }
}

/** @template T */
class ComputedCell extends Cell {
  /** @type {Map<Cell, number>} */
  sources = new Map()
  stale = true
  isKnown = false
  /** @type {T | undefined} */
  current = undefined

  /** @param {() => T} derive */
  constructor(derive) {
    super()
    this.derive = derive
  }

  invalidate() {
    if (this.stale) return
    this.stale = true
    this.notify()
  }

  get value() {
    const value = this.peek()
    this.track()
    return value
  }

  refresh() {
    this.peek()
  }

  /** @returns {T} */
  peek() {
    if (this.stale) {
      this.stale = false
      if (!this.isKnown || hasChanged(this.sources)) {
        detach(this)
        const next = runAs(this, null, this.derive)
        if (!this.isKnown || !Object.is(next, this.current)) this.version++
        this.current = next
        this.isKnown = true
      }
    }
    return /** @type {T} */ (this.current)
  }
}

/**
 * @template T
 * @param {T} initial
 * @returns {Signal<T>}
 */
export const signal = (initial) => new SignalCell(initial)

/**
 * @template T
 * @param {() => T} derive
 * @returns {Readable<T>}
 */
export const computed = (derive) => new ComputedCell(derive)

/** @param {unknown} thing @returns {thing is Readable<unknown>} */
export const isReadable = (thing) => thing instanceof Cell

/**
 * Runs `body` now and again whenever a signal it read changes.
 * @param {() => void} body
 * @returns {() => void} stops the effect
 */
export function effect(body) {
  /** @type {Scope} */
  const own = { cleanups: [] }
  const self = { sources: /** @type {Map<Cell, number>} */ (new Map()), invalidate: () => schedule(again) }
  function again() {
    if (hasChanged(self.sources)) execute()
  }
  function execute() {
    dispose(own)
    detach(self)
    runAs(self, own, body)
  }
  function stop() {
    queue.delete(again)
    detach(self)
    dispose(own)
  }
  onCleanup(stop)
  execute()
  return stop
}

/**
 * Reads signals without subscribing to them.
 * @template T
 * @param {() => T} body
 * @returns {T}
 */
export const untracked = (body) => runAs(null, scope, body)

/**
 * Runs `body` in a scope of its own; the returned function disposes everything made in it.
 * @param {() => void} body
 */
export function root(body) {
  /** @type {Scope} */
  const own = { cleanups: [] }
  runAs(null, own, body)
  return () => dispose(own)
}

/**
 * Registers work to undo when the surrounding effect re-runs or its view goes away.
 * @param {() => void} undo
 */
export function onCleanup(undo) {
  scope?.cleanups.push(undo)
}

/** Runs every pending effect at once (tests and measurements). */
export function flush() {
  scheduled = false
  let budget = 100_000
  for (const job of queue) {
    if (--budget === 0) throw new Error('effects keep triggering each other')
    queue.delete(job)
    job()
  }
}

/** @param {() => void} job */
function schedule(job) {
  queue.add(job)
  if (scheduled) return
  scheduled = true
  queueMicrotask(flush)
}

/**
 * Whether anything that was read has another value now.
 * @param {Map<Cell, number>} sources
 */
function hasChanged(sources) {
  for (const [cell, version] of sources) {
    cell.refresh()
    if (cell.version !== version) return true
  }
  return false
}

/** @param {{ sources: Map<Cell, number> }} node */
function detach(node) {
  for (const cell of node.sources.keys()) cell.observers.delete(/** @type {Observer} */ (node))
  node.sources.clear()
}

/** @param {Scope} own */
function dispose(own) {
  for (const undo of own.cleanups.splice(0).reverse()) undo()
}

/**
 * @template T
 * @param {Observer | null} nextObserver
 * @param {Scope | null} nextScope
 * @param {() => T} body
 * @returns {T}
 */
function runAs(nextObserver, nextScope, body) {
  const [outerObserver, outerScope] = [observer, scope]
  observer = nextObserver
  scope = nextScope
  try {
    return body()
  } finally {
    observer = outerObserver
    scope = outerScope
  }
}
