import { isArticle } from '../../src/procedure/articles.ts'
import { isNode } from '../../src/procedure/nodes.ts'
import { isRole } from '../../src/procedure/roles.ts'
import { type ZoneCode, zoneNames, zones } from '../../src/procedure/zones.ts'
import { is, isGateway } from '../layout/bpmn-file.ts'
import { extension, propertiesOf, type Rule } from './diagram.ts'

/** Ids as editors generate them: a type and an underscore, or a random tail. */
const generated =
  /^(Activity|Event|Gateway|Flow|Task|Process|Participant|Lane|LaneSet|Collaboration|Message|Timer|Definitions|StartEvent|EndEvent|BPMN\w*)_|_[0-9a-z]{7}$/i

/** Ids are English words of the glossary, names Chinese; the file is named after its process. */
export const names: Rule = ({ file, process, nodes, flows, definitions }, report) => {
  if (file !== `bpmn/${process.id}.bpmn`)
    report(process.id, `lies in ${file}; the file must be bpmn/${process.id}.bpmn`)
  if (process.isExecutable !== true) report(process.id, 'is not executable')
  const version = definitions.$attrs['modeler:executionPlatformVersion'] ?? definitions.executionPlatformVersion
  if (version !== '8.6.0')
    report(process.id, `targets ${version ?? 'no version'}; set modeler:executionPlatformVersion="8.6.0"`)
  for (const element of [process, ...nodes, ...flows]) {
    if (generated.test(element.id)) report(element.id, 'has a generated id; use English words of the glossary')
  }
  for (const element of [process, ...nodes]) {
    const joining = isGateway(element) && (element.outgoing ?? []).length === 1
    const parallel = is(element, 'ParallelGateway')
    if (element.name === undefined && !joining && !parallel) report(element.id, 'has no name')
    if (element.name !== undefined && !/^[\p{Script=Han}、（）]+$/u.test(element.name))
      report(element.id, `is named “${element.name}”; names are Chinese`)
    if ((element.documentation ?? []).length === 0)
      report(element.id, 'has no documentation; quote the article that it serves')
  }
}

/** Every element says which articles or law it serves and in which zone it is done; its lane agrees. */
export const sources: Rule = ({ nodes, lanes }, report) => {
  for (const node of nodes) {
    const properties = propertiesOf(node)
    const cited = properties.get('articles')
    if (cited === undefined && properties.get('law') === undefined)
      report(node.id, 'names neither articles nor law in its properties')
    for (const citation of cited?.split(',') ?? []) {
      if (!isArticle(citation)) report(node.id, `cites article “${citation}”, which the regulation does not have`)
    }
    const zone = properties.get('zone')
    if (zone === undefined || !(zones as string[]).includes(zone))
      report(node.id, `has zone “${zone ?? ''}”; use one of ${zones.join(', ')}`)
    const lane = lanes.find((candidate) => (candidate.flowNodeRef ?? []).includes(node))
    if (lane !== undefined && zone !== undefined && lane.name !== zoneNames[zone as ZoneCode]) {
      report(node.id, `lies in lane ${lane.name} but has zone ${zone}`)
    }
    const named = properties.get('node')
    if (named !== undefined && !isNode(named))
      report(node.id, `names node “${named}”, which src/procedure/nodes.ts does not have`)
  }
}

/** A user task is a Camunda user task with a role, a form bound to the deployment, and known codes. */
export const userTasks: Rule = ({ nodes }, report, { formIds }) => {
  for (const node of nodes.filter((candidate) => is(candidate, 'UserTask'))) {
    if (extension(node, 'zeebe:UserTask') === undefined) report(node.id, 'is not a Camunda user task (zeebe:userTask)')
    const groups = extension(node, 'zeebe:AssignmentDefinition')?.candidateGroups as string | undefined
    if (groups === undefined) report(node.id, 'has no candidate group')
    else if (!groups.startsWith('=')) {
      for (const group of groups.split(','))
        if (!isRole(group.trim())) report(node.id, `is offered to “${group.trim()}”, which is no role`)
    }
    const form = extension(node, 'zeebe:FormDefinition')
    const formId = form?.formId as string | undefined
    if (formId === undefined) report(node.id, 'has no form')
    else if (!formIds.has(formId)) report(node.id, `uses form ${formId}; there is no forms/${formId}.form`)
    if (form?.bindingType !== 'deployment') report(node.id, 'must bind its form to the deployment')
  }
}
