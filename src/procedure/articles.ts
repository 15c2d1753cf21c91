/** An article of 清法〔2022〕47号; `title` is ours, in a few words, the regulation has no headings. */
export interface Article {
  number: number
  title: string
}

const titles = [
  '执行指挥中心四区设置',
  '接待区与两个窗口',
  '初次接待事务专员',
  '线下立案材料移送与核对接待',
  '线上立案的核对与初次接待',
  '初次接待登记与未接待说明',
  '初次接待的内容与谈话笔录',
  '立案信息核对与纠正',
  '核对与初次接待的时限',
  '流转至繁简分流',
  '事务区职责',
  '事务性专员的设置',
  '管理区职责与专员设置',
  '繁简分流专员',
  '速执、综合、精执团队的分工',
  '初步审查、补充查控与分流移交',
  '强制措施团队',
  '卷宗管理中心',
  '无纸化流转与电子卷宗调阅权限',
  '纸质材料移送与扫描编目',
  '材料接收登记与集中保管',
  '材料审核与签收',
  '纸质卷宗的调阅与借出审批',
  '借阅复制登记与归还',
  '节点监管与超期通报',
  '转化影像卷宗与归档',
]

/** Articles 1 to 26. */
export const articles: readonly Article[] = titles.map((title, index) => ({ number: index + 1, title }))

/**
 * Whether a citation as used on the diagrams names an article: `8`, `16(2)`.
 * Only Arts. 7, 8, 15 and 16 have numbered or separate items; Art. 15's three paragraphs are cited as items.
 */
export function isArticle(citation: string): boolean {
  const match = /^(\d{1,2})(?:\((\d)\))?$/.exec(citation)
  if (!match) return false
  const number = Number(match[1])
  if (number < 1 || number > articles.length) return false
  const items = { 7: 7, 8: 4, 15: 3, 16: 2 }[number] ?? 0
  return match[2] === undefined || (Number(match[2]) >= 1 && Number(match[2]) <= items)
}

const numerals = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十']

/** A whole number from 1 to 99 in Chinese. */
function numeral(value: number): string {
  if (value <= 10) return numerals[value]!
  const [tens, ones] = [Math.floor(value / 10), value % 10]
  return `${tens === 1 ? '' : numerals[tens]}十${ones === 0 ? '' : numerals[ones]}`
}

/**
 * A citation as the court writes it: `15(1)` → 第十五条第一款, `16(2)` → 第十六条第二项, `8` → 第八条. Art. 15 has paragraphs (款), the
 * other articles with a second number have items (项).
 * @throws RangeError for what is no citation of this regulation
 */
export function articleText(citation: string): string {
  const match = /^(\d{1,2})(?:\((\d)\))?$/.exec(citation)
  if (!match || !isArticle(citation)) throw new RangeError(`no citation of the regulation: ${citation}`)
  const article = `第${numeral(Number(match[1]))}条`
  return match[2] ? `${article}第${numeral(Number(match[2]))}${match[1] === '15' ? '款' : '项'}` : article
}
