import { globSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { rehearse } from '../../src/rehearsal/rehearse.ts'
import { readScenario } from '../../src/rehearsal/scenario.ts'
import { projectRoot, startTestApplication, type TestApplication } from '../support/application.ts'

const dossierAnswer = z.object({ verification: z.object({ intact: z.boolean() }) })
const files = globSync('scenarios/*.yaml', { cwd: projectRoot }).filter((file) => !file.endsWith('usual-answers.yaml'))

describe('whole cases through the API of the web application', () => {
  let application: TestApplication | undefined

  afterEach(async () => {
    await application?.close()
  })

  for (const file of files.sort()) {
    const name = file.replace(/^scenarios\/|\.yaml$/g, '')
    it(name, { timeout: 120_000 }, async () => {
      const scenario = await readScenario(join(projectRoot, file))
      application = await startTestApplication()
      const { court, clock, orchestration } = application
      const result = await rehearse(scenario, {
        court,
        now: () => clock.now(),
        moveClock: (instant) => orchestration.pinClock(instant),
        onStep: () => {},
      })
      expect(result.differences).toEqual([])
      const director = await court.asHolderOf('enforcement-director')
      const dossier = await director.get(`/api/cases/${result.caseId}/dossier`, dossierAnswer)
      expect(dossier.verification.intact).toBe(true)
    })
  }
})
