import { createServer } from 'node:http'
import { parseDmn, evaluateDecision, DmnError } from './dmn/index.ts'
const clock = { now: () => new Date('2026-05-01T08:00:00Z') }
const known = new Map<string, [any, string]>(); let n = 0
createServer(async (q, s) => {
  const body = await new Response(new Uint8Array(Buffer.concat(await Array.fromAsync(q))), { headers: { 'content-type': q.headers['content-type']! } })
  const send = (st: number, o: unknown) => { s.writeHead(st, { 'content-type': 'application/json' }); s.end(JSON.stringify(o)) }
  try {
    if (q.url === '/v2/deployments') {
      const out = []
      for (const f of (await body.formData()).getAll('resources') as File[]) {
        const g = await parseDmn(await f.text())
        for (const d of g.decisions.values()) { const k = String(++n); known.set(k, [g, d.id]); out.push({ decisionDefinition: { name: d.name, decisionDefinitionId: d.id, decisionDefinitionKey: k } }) }
      }
      return send(200, { deployments: out })
    }
    const b = await body.json() as any; const [g, id] = known.get(b.decisionDefinitionKey)!
    const r = evaluateDecision(g, id, b.variables, { clock })
    send(200, r.succeeded ? { output: JSON.stringify(r.output) } : { failureMessage: r.message, failedDecisionDefinitionId: r.failedDecisionId })
  } catch (e) { send(e instanceof DmnError ? 400 : 500, { detail: String((e as Error).message) }); if (!(e instanceof DmnError)) console.error(e) }
}).listen(18099, '127.0.0.1')
