/**
 * Bounds that keep one command, one file or one expression from taking time and memory that the others need. Each gives
 * an error that names it. FEEL has bounds of its own (`feel/evaluation.ts`).
 */

const MEBI = 1024 * 1024

/** Text of one command (its variables above all) in characters of JSON; as Camunda's largest message. */
export const MAX_COMMAND_SIZE = 4 * MEBI

/** Lists and objects of a command may hold each other so deep; as Camunda's JSON parser. */
export const MAX_COMMAND_DEPTH = 1_000

/** Variables that one command may bring: each is a row. */
export const MAX_COMMAND_VARIABLES = 20_000

/** A deployed file in characters; as Camunda's largest message. Reading one blocks the others for a second at most. */
export const MAX_FILE_SIZE = 4 * MEBI

/** XML elements of a deployed file; thousands of BPMN elements with their drawing stay far below. */
export const MAX_XML_ELEMENTS = 100_000

/** Subprocesses of a diagram may hold each other so deep. */
export const MAX_NESTING = 100

/** Problems of a file that are told; the rest is only counted. */
export const MAX_PROBLEMS = 100

/**
 * Elements that one command may activate, with those that are still waiting to be: about a second of work. What comes
 * after is an incident each, which goes on when it is resolved.
 */
export const MAX_ACTIVATIONS = 50_000

/** Text of variables that one command may write, in characters; then as with `MAX_ACTIVATIONS`. */
export const MAX_WRITTEN = 64 * MEBI

/** Items of a multi-instance activity whose instances start at once. */
export const MAX_PARALLEL_ITEMS = 20_000

/** Items of a batch operation: their keys are in one command. */
export const MAX_BATCH_ITEMS = 200_000

/** Commands go on sharing a transaction until it holds so many events. */
export const MAX_BATCH_EVENTS = 50_000

/** Jobs that one `ActivateJobs` hands out. */
export const MAX_ACTIVATED_JOBS = 10_000

/** Text of the variables of jobs that one `ActivateJobs` hands out, in characters; one job is always handed out. */
export const MAX_ACTIVATED_SIZE = 4 * MEBI

/** Text of rows (variables, files) that a table keeps in memory between batches, in characters. */
export const MAX_CACHED_TEXT = 16 * MEBI

/** Elements of the diagrams and decisions that are kept ready to execute; others are read again when they are needed. */
export const MAX_READY_ELEMENTS = 100_000

/** The last instant that a date can name, milliseconds since 1970; later ones are this. */
export const LAST_INSTANT = 8.64e15
