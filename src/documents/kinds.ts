/** Which part of the dossier a document belongs to: 正卷 (parties may read it) or 副卷 (internal). */
export type Volume = 'main' | 'auxiliary'

/** One kind of document that the court makes from a template. */
export interface DocumentKind {
  /** Name printed as its heading and in the catalogue. */
  readonly title: string
  /** File in the templates directory. */
  readonly template: string
  /** Volume of the dossier; `null` when it is not an entry of either (the catalogue itself). */
  readonly volume: Volume | null
  /** Who signs, in printed order. Empty when the court's seal stands for a signature. */
  readonly signatures: readonly string[]
  /** The printed copy is signed by hand and the signed copy is uploaded. */
  readonly needsSignedCopy: boolean
  /** It bears a document number such as `（2026）豫0922执123号之一`. */
  readonly numbered: boolean
  /** Articles of 清法〔2022〕47号 that it serves. */
  readonly articles: readonly number[]
  /** National law it follows, where the regulation is silent. */
  readonly law?: string
}

/**
 * Every document made from a template, by code. Volumes and signatures of the first two follow Articles 6 and 7; the
 * others are this product's default.
 */
export const documentKinds = {
  'reception-transcript': {
    title: '初次接待谈话笔录',
    template: 'reception-transcript.hbs',
    volume: 'main',
    signatures: ['谈话人', '记录人', '被谈话人'],
    needsSignedCopy: true,
    numbered: false,
    articles: [3, 7],
  },
  'no-reception-statement': {
    title: '关于案件未进行初次接待原因的说明',
    template: 'no-reception-statement.hbs',
    volume: 'main',
    signatures: ['初次接待事务专员'],
    needsSignedCopy: true,
    numbered: false,
    articles: [6],
  },
  'enforcement-notice': {
    title: '执行通知书',
    template: 'enforcement-notice.hbs',
    volume: 'main',
    signatures: [],
    needsSignedCopy: false,
    numbered: true,
    articles: [11, 12],
    law: '《中华人民共和国民事诉讼法》第二百五十一条',
  },
  'triage-transfer-slip': {
    title: '案件分流移交单',
    template: 'triage-transfer-slip.hbs',
    volume: 'auxiliary',
    signatures: ['移交人', '接收人'],
    // The hand-over is proved by the two tasks in the system; the printed slip goes with the paper.
    needsSignedCopy: false,
    numbered: false,
    articles: [14, 15, 16],
  },
  'closing-notice': {
    title: '结案通知书',
    template: 'closing-notice.hbs',
    volume: 'main',
    signatures: [],
    needsSignedCopy: false,
    numbered: true,
    articles: [11, 12],
    law: '法发〔2014〕26号第十五条',
  },
  'dossier-catalogue': {
    title: '卷宗目录',
    template: 'dossier-catalogue.hbs',
    volume: null,
    signatures: [],
    needsSignedCopy: false,
    numbered: false,
    articles: [18, 20, 26],
  },
} as const satisfies Record<string, DocumentKind>

/** Code of a kind of document. */
export type DocumentKindCode = keyof typeof documentKinds

/** All codes in the order of the catalogue. */
export const documentKindCodes = Object.keys(documentKinds) as DocumentKindCode[]

/** Tells whether a text is the code of a kind of document. */
export function isDocumentKind(code: string): code is DocumentKindCode {
  return Object.hasOwn(documentKinds, code)
}
