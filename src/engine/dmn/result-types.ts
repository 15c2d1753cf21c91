/** The declared types of results and parameters that are checked at evaluation. */
import { describeValue, type FeelValue, typeName } from '../feel/index.ts'
import { DecisionFailure } from './model.ts'

/** DMN's names of the types of FEEL; any other name (`integer`, an item definition) is not checked, as in Camunda. */
const TYPES: Readonly<Record<string, string>> = {
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  dateTime: 'date and time',
  'date and time': 'date and time',
  dayTimeDuration: 'days and time duration',
  'days and time duration': 'days and time duration',
  yearMonthDuration: 'years and months duration',
  'years and months duration': 'years and months duration',
  context: 'context',
  list: 'list',
}

/** Refuses a value of another type than the declared one; null is of every type. @throws DecisionFailure */
export function checkType(value: FeelValue, declared: string | undefined): FeelValue {
  const type = declared === undefined ? undefined : TYPES[declared.replace(/^feel:/, '')]
  if (type === undefined || value === null || typeName(value) === type) return value
  throw new DecisionFailure(`expected '${declared}' but found '${describeValue(value)}'`)
}
