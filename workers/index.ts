import type { Cases } from '../src/cases/index.ts'
import type { Documents } from '../src/documents/index.ts'
import { buildImageDossier } from '../src/documents/index.ts'
import type { Dossiers } from '../src/dossier/index.ts'
import type { AnyWorker, Orchestration } from '../src/orchestration/index.ts'
import type { Supervision } from '../src/supervision/index.ts'
import type { DocumentSources } from './affairs/document-data.ts'
import { documentRenderWorker } from './affairs/document-render.ts'
import { dossierArchiveWorker } from './dossier/dossier-archive.ts'
import { dossierCheckWorker } from './dossier/dossier-check.ts'
import { dossierEnterWorker } from './dossier/dossier-enter.ts'
import { dossierImageWorker } from './dossier/dossier-image.ts'
import { dossierOpenWorker } from './dossier/dossier-open.ts'
import { caseAssignWorker } from './management/case-assign.ts'
import { caseCloseWorker } from './management/case-close.ts'
import { deadlineComputeWorker } from './management/deadline-compute.ts'
import { deadlineExtendWorker } from './management/deadline-extend.ts'
import { deadlineReviewWorker } from './management/deadline-review.ts'
import { escalationRaiseWorker } from './management/escalation-raise.ts'
import { nodeFinishWorker } from './management/node-finish.ts'
import { reminderSendWorker } from './management/reminder-send.ts'
import { triageCollectWorker } from './management/triage-collect.ts'
import { filingCheckWorker } from './reception/filing-check.ts'
import { filingCorrectWorker } from './reception/filing-correct.ts'
import { registerEnterWorker } from './reception/register-enter.ts'

/** What the workers call; each is a capability of `src/`. */
export interface WorkerDependencies extends DocumentSources {
  cases: Cases
  dossier: Dossiers
  documents: Documents
  supervision: Supervision
  publishMessage: Orchestration['publishMessage']
}

/** Every job worker of the procedure: one for each job type that the diagrams name. */
export function createWorkers(dependencies: WorkerDependencies): AnyWorker[] {
  const all = { ...dependencies, buildImageDossier }
  return [
    filingCheckWorker(all),
    filingCorrectWorker(all),
    registerEnterWorker(all),
    documentRenderWorker(all),
    triageCollectWorker(all),
    caseAssignWorker(all),
    caseCloseWorker(all),
    deadlineComputeWorker(all),
    deadlineReviewWorker(all),
    deadlineExtendWorker(all),
    nodeFinishWorker(all),
    reminderSendWorker(all),
    escalationRaiseWorker(all),
    dossierOpenWorker(all),
    dossierEnterWorker(all),
    dossierCheckWorker(all),
    dossierImageWorker(all),
    dossierArchiveWorker(all),
  ]
}
