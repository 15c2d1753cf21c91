import { Router } from 'express'
import { z } from 'zod'
import type { Incident } from '../../orchestration/orchestration.ts'
import { casesById } from '../cases-by-id.ts'
import type { HttpDependencies } from '../dependencies.ts'
import { Problem, parse } from '../problem.ts'
import { demand } from '../security.ts'

/** A halt as those see it who repair it: of the case its number alone. Times are ISO-8601. */
export interface IncidentView {
  incidentKey: string
  caseNumber: string | null
  processName: string
  elementId: string
  elementName: string
  errorType: string
  message: string
  createdAt: string
  /** Null where no job failed, e.g. of an expression. */
  jobKey: string | null
}

const Key = z.object({ incidentKey: z.string().regex(/^\d{1,20}$/, '故障的编号应为数字') })

/** As many as a job has at first in the diagrams. */
const RETRIES = 3

const REFUSAL = '只有系统管理员和流程管理员可以处理流程故障。'

/** What halted processes, and trying it again: `/api/incidents`. */
export function incidentsRouter({ orchestration, cases, audit }: HttpDependencies): Router {
  const router = Router()

  router.get('/incidents', async (_request, response) => {
    demand(response, 'incident.resolve', REFUSAL)
    response.json({ items: await views(await orchestration.searchIncidents({ state: 'ACTIVE' })) })
  })

  router.post('/incidents/:incidentKey/resolution', async (request, response) => {
    const user = demand(response, 'incident.resolve', REFUSAL)
    const { incidentKey } = parse(Key, request.params)
    const [incident] = await orchestration.searchIncidents({ incidentKey })
    if (!incident) throw new Problem(404, '没有此故障，请刷新后再看。')
    if (incident.state !== 'ACTIVE') throw new Problem(409, '此故障已经处理，请刷新后再看。')
    const { jobKey, caseId, elementId, errorType, errorMessage } = incident
    await orchestration.resolveIncident(incidentKey, jobKey === null ? {} : { jobKey, retries: RETRIES })
    await audit.record({
      actor: user.username,
      action: 'incident.resolve',
      subjectType: 'incident',
      subjectId: incidentKey,
      detail: { caseId, elementId, errorType, message: errorMessage },
    })
    response.status(204).end()
  })

  async function views(incidents: Incident[]): Promise<IncidentView[]> {
    const processInstanceKeys = [...new Set(incidents.map(({ processInstanceKey }) => processInstanceKey))]
    const [summaries, { items: instances }] = await Promise.all([
      casesById(
        cases,
        incidents.map(({ caseId }) => caseId),
      ),
      processInstanceKeys.length === 0 ? { items: [] } : orchestration.searchProcessInstances({ processInstanceKeys }),
    ])
    const instanceOf = new Map(instances.map((instance) => [instance.processInstanceKey, instance]))
    const processName = ({ processInstanceKey }: Incident): string => {
      const instance = instanceOf.get(processInstanceKey)
      return instance?.processDefinitionName ?? instance?.processDefinitionId ?? processInstanceKey
    }
    const names = new Map<string, Promise<string>>()
    /** Asked for once an element of a deployed diagram, however many cases halted there. */
    const elementName = (incident: Incident): Promise<string> => {
      const element = `${instanceOf.get(incident.processInstanceKey)?.processDefinitionKey} ${incident.elementId}`
      const name = names.get(element) ?? nameOfElement(incident)
      names.set(element, name)
      return name
    }
    return Promise.all(
      incidents.map(async (incident) => ({
        incidentKey: incident.incidentKey,
        caseNumber: summaries.get(incident.caseId ?? '')?.caseNumber ?? null,
        processName: processName(incident),
        elementId: incident.elementId,
        elementName: await elementName(incident),
        errorType: incident.errorType,
        message: incident.errorMessage,
        createdAt: incident.createdAt,
        jobKey: incident.jobKey,
      })),
    )
  }

  async function nameOfElement({ processInstanceKey, elementId }: Incident): Promise<string> {
    const elements = await orchestration.searchElementInstances({ processInstanceKey })
    return elements.find((element) => element.elementId === elementId)?.elementName ?? elementId
  }

  return router
}
