// @ts-check
// Keeps the program itself, pages and modules, so that it opens without a connection. No answer of the server with anybody's data passes
// through here.

const worker = /** @type {any} */ (self)
const STORE = 'baton-program'
const PAGE = '/app/'

worker.addEventListener('install', () => worker.skipWaiting())
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()))

/** What an open page has already, so that the next start finds it here; what belongs to older builds goes. */
worker.addEventListener('message', (/** @type {any} */ event) => {
  const { base, files } = event.data ?? {}
  if (typeof base !== 'string' || !base.startsWith('/app/assets/')) return
  event.waitUntil((async () => {
    const store = await caches.open(STORE)
    for (const kept of await store.keys()) {
      const { pathname } = new URL(kept.url)
      if (pathname.startsWith('/app/assets/') && !pathname.startsWith(`${base}/`)) await store.delete(kept)
    }
    const wanted = files.filter((/** @type {string} */ path) => path.startsWith(`${base}/`))
    await Promise.all([PAGE, ...wanted].map(async (path) => {
      if (path !== PAGE && (await store.match(path))) return
      const answer = await fetch(path)
      if (answer.ok) await store.put(path, answer)
    }))
  })().catch(() => {}))
})

/** @param {Request} request */
async function file(request) {
  const store = await caches.open(STORE)
  const kept = await store.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) await store.put(request, answer.clone())
  return answer
}

/** @param {Request} request */
async function page(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(STORE)).match(PAGE)
    if (kept) return kept
    throw error
  }
}

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event
  const { pathname, origin } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (pathname.startsWith('/app/assets/')) event.respondWith(file(request))
  else if (request.mode === 'navigate' && pathname.startsWith('/app/') && !pathname.startsWith('/app/api/')) event.respondWith(page(request))
})
