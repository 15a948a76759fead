#!/usr/bin/env node
// A whole month through the API: from opening a read cycle to the billing files. It brings its own twelve water meters, so it can run
// on the demo beside the demo's cycle, and again and again.
//   node scripts/month.mjs [http://127.0.0.1:8000]
// A user may start three exports in five minutes, and this starts two.
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const server = (process.argv[2] ?? process.env.METERSYNC_URL ?? 'http://127.0.0.1:8000').replace(/\/+$/, '')
const password = process.env.METERSYNC_PASSWORD ?? 'admin123'
const place = `month-${Date.now().toString(36)}`
const dayMs = 86_400_000
const today = Math.floor(Date.now() / dayMs) * dayMs
const instant = (days) => new Date(today + days * dayMs).toISOString()
const serial = (number) => `${place}-${String(number).padStart(2, '0')}`
const [from, to] = [instant(-20), instant(1)]

let step = 0
const say = (text) => console.log(`${String(++step).padStart(2)}. ${text}`)

async function ask(token, method, path, body) {
  const isForm = body instanceof FormData
  const answer = await fetch(`${server}/api/v1${path}`, {
    method,
    headers: { ...(token && { Authorization: `Bearer ${token}` }), ...(body && !isForm && { 'Content-Type': 'application/json' }) },
    body: isForm ? body : body && JSON.stringify(body),
  })
  const said = await answer.json()
  if (!answer.ok) {
    const { code, message, details } = said.error ?? {}
    throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${code} ${message} ${details ? JSON.stringify(details) : ''}`), { code })
  }
  return said.data
}

async function finish(token, path) {
  for (let look = 0; look < 600; look++) {
    const job = await ask(token, 'GET', path)
    if (job.status === 'completed') return job
    if (job.status === 'failed' || job.status === 'cancelled') throw new Error(`${path}: the job ${job.status}: ${job.message}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${path}: the job is not over after a minute`)
}

async function signIn(username) {
  const token = (await ask(null, 'POST', '/auth/login', { username, password })).access_token
  return { username, token, id: (await ask(token, 'GET', '/auth/me')).id }
}

async function importCsv(token, what, text) {
  const form = new FormData()
  form.append('file', new Blob([text], { type: 'text/csv' }), `${what}.csv`)
  const job = await ask(token, 'POST', `/${what}/import`, form)
  return finish(token, `/${what}/import/${job.id}`)
}

async function exportTo(token, format, request) {
  const job = await ask(token, 'POST', `/export/${format}`, request)
  const { download_url } = await finish(token, `/export/status/${job.id}`)
  const file = await fetch(new URL(download_url, server), { headers: { Authorization: `Bearer ${token}` } })
  if (!file.ok) throw new Error(`${download_url}: ${file.status}`)
  return Buffer.from(await file.arrayBuffer())
}

async function month() {
  const [admin, manager, ...agents] = await Promise.all(['admin', 'manager', 'agent1', 'agent2', 'agent3', 'agent4', 'agent5'].map(signIn))
  for (const agent of agents) {
    await ask(manager.token, 'POST', '/agents', { user_id: agent.id, status: 'available' }).catch((refused) => {
      if (refused.code !== 'agent.exists') throw refused
    })
  }
  say(`Signed in at ${server}: the office and ${agents.length} agents`)

  const numbers = Array.from({ length: 12 }, (_, index) => index + 1)
  await importCsv(admin.token, 'meters', 'serial_number,type,status,address,location_id,latitude,longitude,digits,decimals,unit\n' +
    numbers.map((number) => `${serial(number)},water,active,Mill Lane ${number},${place},${55.33 + number / 5000},8.76,5,3,m3\n`).join(''))
  await importCsv(admin.token, 'readings', 'serial_number,reading_timestamp,reading_value\n' +
    numbers.flatMap((number) => [150, 120, 90, 60, 30].map((days, index) => `${serial(number)},${instant(-days)},${100 + index * 10}\n`)).join(''))
  say('Imported 12 water meters with five readings each, 10 m3 a month')

  const cycle = await ask(manager.token, 'POST', '/read-cycles', { name: `Month ${place}`, window_from: from, window_to: to, location_id: place })
  const opened = await ask(manager.token, 'POST', `/read-cycles/${cycle.id}/open`, { assign: 'none' })
  say(`Opened the cycle ${opened.name} with ${opened.meter_count} meters`)

  const meters = Object.fromEntries((await ask(manager.token, 'GET', `/meters?location_id=${place}&limit=100`)).items.map((meter) => [meter.serial_number, meter.id]))
  const given = await ask(manager.token, 'POST', '/assignments/bulk', { meter_ids: Object.values(meters), cycle_id: cycle.id })
  say(`Spread ${given.assigned} meters over ${given.agents.length} agents: ${given.agents.map((share) => share.count).join(', ')}`)

  const holder = {}
  for (const work of (await ask(manager.token, 'GET', `/assignments?cycle_id=${cycle.id}&limit=100`)).items) {
    holder[work.serial_number] = agents.find((agent) => agent.id === work.agent_id)
    if (!holder[work.serial_number]) throw new Error(`${work.serial_number} went to the agent ${work.agent_id}, whose password this script does not know`)
  }
  const read = (number, value, agent = holder[serial(number)]) =>
    ask(agent.token, 'POST', '/readings', { serial_number: serial(number), reading_value: value, client_id: crypto.randomUUID(), location: { latitude: 55.33 + number / 5000, longitude: 8.76 }, accuracy_m: 8, dwell_seconds: 40 })

  const proposal = await ask(holder[serial(1)].token, 'POST', '/approvals', { meter_id: meters[serial(1)], meter_data: { address: 'Mill Lane 1a', access_notes: 'Key at the shop' }, submission_notes: 'The house has a new number' })
  for (const number of numbers.slice(0, 7)) await read(number, 150 + number / 10)
  say('Agents read 7 meters')
  for (const [number, code] of [[8, 'no_access'], [9, 'dog']]) await ask(holder[serial(number)].token, 'POST', '/skips', { serial_number: serial(number), code })
  say('Agents skipped 2: no access, a dog')

  const decided = await ask(manager.token, 'PUT', `/approvals/${proposal.id}/approve`, { review_notes: 'Checked with the register of houses' })
  say(`The office ${decided.status} a change of address; the meter is at ${(await ask(manager.token, 'GET', `/meters/${meters[serial(1)]}`)).address} now`)

  const doubtful = await read(10, 290)
  const other = agents.find((agent) => agent !== holder[serial(10)])
  await ask(manager.token, 'POST', '/re-reads', { reading_id: doubtful.id, reason: 'Fourteen times the usual use', agent_id: other.id })
  await ask(manager.token, 'POST', `/readings/${doubtful.id}/reject`, { reason: 'Read again' })
  const again = await read(10, 151, other)
  say(`A reading of 290 was ${doubtful.state}; ${other.username} read again: 151, ${again.state}`)

  const exchange = await ask(manager.token, 'POST', `/meters/${meters[serial(11)]}/exchange`, {
    serial_number: serial(13), exchanged_at: instant(-5), reason: 'Calibration period is over',
    removal_readings: [{ ordinal: 1, value: 148 }], install_readings: [{ ordinal: 1, value: 2 }],
  })
  await read(13, 4, manager)
  say(`Exchanged ${exchange.old_meter.serial_number} at 148 for ${exchange.new_meter.serial_number} at 2, which shows 4 now`)

  const { meters: count } = await ask(manager.token, 'GET', `/read-cycles/${cycle.id}/progress`)
  say(`Progress: ${count.percent} %: ${count.read} read, ${count.held} held, ${count.skipped} skipped, ${count.assigned} still to visit`)

  const closing = await ask(manager.token, 'POST', `/read-cycles/${cycle.id}/close`, { missed: 'estimate' })
  say((await finish(manager.token, `/read-cycles/${cycle.id}/close/${closing.id}`)).message)

  const freezing = await ask(manager.token, 'POST', '/billing-runs', { name: `Month ${place}`, period_from: from, period_to: to, location_id: place })
  const run = (await finish(manager.token, `/billing-runs/jobs/${freezing.id}`)).result.billing_run_id
  const lines = (await ask(manager.token, 'GET', `/billing-runs/${run}/lines?limit=100`)).items
  const segments = lines.filter((line) => [serial(11), serial(13)].includes(line.serial_number))
  say(`Froze the bill: ${lines.length} lines, ${lines.filter((line) => line.quality === 'estimated').length} of them estimated; the exchanged place used ${segments.map((line) => line.consumption).join(' + ')} m3`)

  const folder = await mkdtemp(join(tmpdir(), 'metersync-month-'))
  for (const [format, name] of [['csv', 'billing.csv'], ['excel', 'billing.xlsx']]) {
    const file = await exportTo(manager.token, format, { type: 'billing', billing_run_id: run })
    await writeFile(join(folder, name), file)
    say(`Wrote ${join(folder, name)}, ${file.length.toLocaleString('en')} bytes`)
  }
}

try {
  await month()
} catch (failure) {
  console.error(`Step ${step + 1} failed. ${failure.message}${failure.cause ? ` (${failure.cause.message})` : ''}`)
  process.exit(1)
}
