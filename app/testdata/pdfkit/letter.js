// The confirmation letter by pdfkit, as package letters draws it: the same
// fonts, paragraphs, boxes and DataMatrix. BenchmarkMailRoom compares the
// words of both. pdfkit has no templates; within its documented interface this
// is its fast way: no compression, fonts registered once, static lines broken
// once a kind of letter, each line placed without pdfkit's own line breaking,
// a DataMatrix filled as one path.
//
//   node letter.js FONTS INPUT OUTPUT
//
// INPUT is JSON, a value a line: the batch's design, then the letters. The time
// on standard output runs from reading INPUT to OUTPUT being on the disk; it
// includes drawing and hashing the codes, and no database at all.
'use strict'

const crypto = require('crypto')
const fs = require('fs')
const path = require('path')
const PDFDocument = require('pdfkit')
const { BarcodeFormat, DataMatrixWriter } = require('@zxing/library')

const nb = '\u00a0'
const thin = '\u202f'
const mm = 72 / 25.4
const black = '#000000'
const gray = '#5f5f5f'

const marginLeft = 25
const textWidth = 165
const addressX = 109.5
const rightWidth = 210 - 20 - addressX
const matrixTop = 76
const matrixModule = 0.6
const codesTop = 149.5
const codesHeight = 20.5
const columnWidth = textWidth / 3
const body = { size: 10, step: 4.9 }
const small = { size: 8.5, step: 4 }
const head = { size: 12, step: 5.2 }

const plain = text => ({ text, font: 'sans' })
const strong = text => ({ text, font: 'sansSemiBold' })
const typeset = text => text.replaceAll("'", '’')
const quoted = text => `«${nb}${text}${nb}»`

const months = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre']

function frenchDate (text) {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number)
  return `${day === 1 ? '1er' : day}${nb}${months[month - 1]}${nb}${year}`
}

const subjects = {
  user: 'confirmation de l’inscription d’un utilisateur',
  administrator: 'désignation de l’administrateur de votre organisation',
  succession: 'changement d’administrateur de votre organisation'
}

function intro (l) {
  const applicant = [plain(`Le ${frenchDate(l.RequestedOn)}, `), strong(typeset(l.Applicant).replaceAll(' ', nb))]
  const organisation = quoted(typeset(l.Organisation))
  const identifier = ` (identifiant${nb}: ${l.Identifier})`
  switch (l.Kind) {
    case 'user':
      return [...applicant, plain(`${identifier} a demandé l’ouverture d’un compte d’utilisateur au titre de l’organisation ${organisation} sur notre portail de services en ligne. En tant que représentant légal de l’organisation, vous pouvez confirmer cette inscription au moyen des deux codes ci-dessous.`)]
    case 'administrator':
      return [...applicant, plain(`${identifier} a demandé à devenir l’administrateur de l’organisation ${organisation} sur notre portail de services en ligne. Le représentant légal de l’organisation est seul à pouvoir confirmer cette désignation, au moyen des deux codes ci-dessous.`)]
    default:
      return [...applicant, plain(`${identifier}, déjà utilisateur de notre portail de services en ligne pour l’organisation ${organisation}, a demandé à en devenir l’administrateur. Le représentant légal de l’organisation est seul à pouvoir confirmer ce changement, au moyen des deux codes ci-dessous.`)]
  }
}

const effects = {
  user: `La saisie des codes valide l’inscription de cette personne, qui pourra dès lors se connecter une fois son adresse électronique vérifiée. L’administrateur de votre organisation, s’il y en a un, peut aussi la valider depuis son propre compte${nb}: les codes deviennent alors sans objet et vous n’avez rien à faire.`,
  administrator: `La saisie des codes fait de cette personne l’administrateur de votre organisation, à la place de celui qui serait en fonction${nb}: elle y choisira les services en ligne, validera les utilisateurs et leur accordera leurs droits. Personne d’autre que vous ne peut confirmer cette demande, pas même nos services${thin}; si vous laissez cette lettre sans suite, la demande reste sans effet.`,
  succession: `Dès la saisie des codes, cette personne devient l’administrateur de votre organisation. L’administrateur actuel devient simple utilisateur et conserve les droits d’accès qui lui ont été accordés. Personne d’autre que vous ne peut confirmer ce changement${thin}; si vous laissez cette lettre sans suite, rien ne change.`
}

const notes = days => [
  [plain('Ces codes ne servent qu’une fois et expirent '), strong(`${days}${nb}jours`), plain(' après l’envoi de cette lettre.')],
  [plain(`Ils ne contiennent jamais les lettres I, L, O et U${nb}: lisez 1 (un) ou 0 (zéro). Majuscules, espaces et tirets sont indifférents.`)]
]

const steps = url => [
  plain('Rendez-vous sur '), strong(url), plain(', page '), strong(quoted('Codes de confirmation')),
  plain(`, et saisissez la référence, le code${nb}1, puis le code${nb}2.`)
]

const caution = [
  plain(`Ces codes sont réservés au représentant légal. Ne les transmettez à personne, ni par téléphone ni par courrier électronique${nb}: seule l’assistance peut vous les demander, et uniquement lorsque c’est vous qui l’appelez. `),
  strong('Si cette demande vous est inconnue, ne saisissez pas les codes'),
  plain(' et écrivez à l’assistance, à l’adresse électronique portée au bas de cette lettre, en n’indiquant que sa référence.')
]

// Sheets draws letters into one document.
class Sheets {
  constructor (fonts, design) {
    this.design = design
    this.statics = new Map() // the static lines, by kind and validity
    this.widths = { sans: new Map(), sansSemiBold: new Map() }
    this.matrix = new DataMatrixWriter()
    this.doc = new PDFDocument({ size: 'A4', margin: 0, compress: false, autoFirstPage: false, lang: 'fr-FR' })
    for (const [name, file] of [['sans', 'IBMPlexSans-Regular'], ['sansSemiBold', 'IBMPlexSans-SemiBold'], ['mono', 'IBMPlexMono-Regular'], ['monoSemiBold', 'IBMPlexMono-SemiBold']]) {
      this.doc.registerFont(name, path.join(fonts, file + '.ttf'))
    }
  }

  add (l, codes) {
    this.doc.addPage()
    const key = `${l.Kind} ${l.ValidDays}`
    if (!this.statics.has(key)) this.statics.set(key, this.staticLines(l.Kind, l.ValidDays))
    this.drawBoxes()
    this.draw(this.statics.get(key))
    this.draw(this.letterLines(l, codes))
    this.drawMatrix(l.Reference + ' 1/1')
  }

  // draw writes lines, black ones and gray ones.
  draw (lines) {
    const doc = this.doc
    let color = black
    doc.fillColor(color)
    for (const line of lines) {
      if (line.color !== color) doc.fillColor(color = line.color)
      doc.font(line.font, line.size).text(line.text, line.x * mm, line.y * mm, { lineBreak: false, baseline: 'alphabetic' })
    }
  }

  drawBoxes () {
    const doc = this.doc
    const line = (x1, y1, x2, y2) => doc.moveTo(x1 * mm, y1 * mm).lineTo(x2 * mm, y2 * mm)
    doc.rect(marginLeft * mm, 17 * mm, 12 * mm, 0.9 * mm).fill(black)
    doc.lineWidth(0.35 * mm).rect(marginLeft * mm, codesTop * mm, textWidth * mm, codesHeight * mm).stroke(black)
    line(5, 99, 10, 99)
    line(5, 198, 10, 198)
    for (const i of [1, 2]) {
      const x = marginLeft + i * columnWidth
      line(x, codesTop + 3.5, x, codesTop + codesHeight - 3.5)
    }
    doc.lineWidth(0.15 * mm).stroke(gray)
  }

  drawMatrix (content) {
    const code = this.matrix.encode(content, BarcodeFormat.DATA_MATRIX, 0, 0)
    const side = code.getWidth()
    for (let row = 0; row < side; row++) {
      for (let column = 0, start = -1; column <= side; column++) {
        const dark = column < side && code.get(column, row)
        if (dark && start < 0) {
          start = column
        } else if (!dark && start >= 0) {
          this.doc.rect((marginLeft + start * matrixModule) * mm, (matrixTop + row * matrixModule) * mm,
            (column - start) * matrixModule * mm, (matrixModule + 0.01) * mm)
          start = -1
        }
      }
    }
    this.doc.fill(black)
  }

  staticLines (kind, validDays) {
    const d = this.design
    const lines = []
    let y = this.paragraph(lines, marginLeft, 24, [strong(typeset(d.Sender[0]))], head, 62) + 1
    for (const line of d.Sender.slice(1)) y = this.paragraph(lines, marginLeft, y, [plain(typeset(line))], small, 62)
    this.paragraph(lines, addressX, 104.5, [plain(`${d.Place}, le ${frenchDate(d.Date)}`)], body, rightWidth)
    this.paragraph(lines, marginLeft, 111.5, [strong(`Objet${nb}: ${subjects[kind]}`)], body, textWidth)
    for (const [i, label] of ['Référence', `Code${nb}1`, `Code${nb}2`].entries()) {
      lines.push({ text: label, font: 'sans', size: small.size, x: marginLeft + i * columnWidth + 6, y: codesTop + 7, color: gray })
    }
    for (const [i, note] of notes(validDays).entries()) this.paragraph(lines, marginLeft, 174.7 + i * small.step, note, small, textWidth)
    this.section(lines, 186.2, 'Où saisir les codes', steps(d.PortalURL))
    y = this.section(lines, 207, 'Ce que vaut la saisie des codes', [plain(effects[kind])])
    this.section(lines, y, 'Des codes personnels', caution)
    y = this.paragraph(lines, addressX, 275.5, [strong(typeset(d.Signatory))], body, rightWidth)
    this.paragraph(lines, addressX, y, [plain(typeset(d.SignatoryTitle))], body, rightWidth)
    const footer = `Assistance${nb}: ${d.Phone.replaceAll(' ', nb)} – ${d.Email}`
    this.paragraph(lines, marginLeft, 288.8, [plain(footer)], small, textWidth, gray)
    lines.push({ text: `Réf.${nb}`, font: 'sans', size: small.size, x: marginLeft + 13, y: matrixTop + 4, color: black })
    lines.push({ text: `Feuillet${nb}1/1`, font: 'sans', size: small.size, x: marginLeft + 13, y: matrixTop + 8.5, color: black })
    return lines
  }

  letterLines (l, codes) {
    const lines = []
    l.Address.forEach((text, i) => lines.push({ text, font: 'mono', size: 10, x: addressX, y: 51 + (10 + 12 * i) / mm, color: black }))
    lines.push({ text: l.Reference, font: 'mono', size: small.size, x: marginLeft + 13 + this.width('sans', `Réf.${nb}`, small.size), y: matrixTop + 4, color: black })
    this.paragraph(lines, marginLeft, 119.5, [plain(typeset(l.Salutation) + ',')], body, textWidth)
    this.paragraph(lines, marginLeft, 126.5, intro(l), body, textWidth)
    const items = [[l.Reference, 'mono', 14], [codes[0], 'monoSemiBold', 18], [codes[1], 'monoSemiBold', 18]]
    items.forEach(([text, font, size], i) => lines.push({ text, font, size, x: marginLeft + i * columnWidth + 6, y: codesTop + 15.5, color: black }))
    this.paragraph(lines, marginLeft, 264.5, [plain(`Je vous prie d’agréer, ${typeset(l.Salutation)}, l’expression de ma considération distinguée.`)], body, textWidth)
    return lines
  }

  section (lines, y, heading, spans) {
    lines.push({ text: heading, font: 'sansSemiBold', size: body.size, x: marginLeft, y, color: black })
    return this.paragraph(lines, marginLeft, y + body.step + 0.4, spans, body, textWidth) + 3.2
  }

  // paragraph breaks spans into lines and returns the next baseline. Words
  // part at plain spaces; the seam between two spans holds.
  paragraph (lines, x, y, spans, type, limit, color = black) {
    let runs = []
    let word = []
    const flush = () => {
      for (const run of runs) lines.push({ text: run.text, font: run.font, size: type.size, x: x + run.left, y, color })
      y += type.step
      runs = []
    }
    const end = spans.length - 1
    spans.forEach((span, s) => {
      const parts = span.text.split(' ')
      parts.forEach((text, i) => {
        if (text !== '') word.push({ text, font: span.font })
        if (word.length > 0 && (i < parts.length - 1 || s === end)) {
          if (!this.append(runs, word, type.size, limit)) {
            flush()
            this.append(runs, word, type.size, Infinity)
          }
          word = []
        }
      })
    })
    flush()
    return y
  }

  // append adds a word to a line if it fits; runs of one font grow together.
  append (runs, word, size, limit) {
    let last = runs[runs.length - 1]
    const space = last ? this.width(last.font, ' ', size) : 0
    const used = last ? last.left + last.width + space : 0
    const widths = word.map(part => this.width(part.font, part.text, size))
    if (last && used + widths.reduce((a, b) => a + b) > limit) return false
    word.forEach((part, i) => {
      const gap = i === 0 ? space : 0
      if (last && last.font === part.font) {
        last.text += (gap ? ' ' : '') + part.text
        last.width += gap + widths[i]
        return
      }
      const left = last ? last.left + last.width + gap : 0
      runs.push(last = { text: part.text, font: part.font, left, width: widths[i] })
    })
    return true
  }

  // width is a text's length in millimetres, by its characters' advances.
  width (font, text, size) {
    const known = this.widths[font]
    let sum = 0
    for (const character of text) {
      if (!known.has(character)) known.set(character, this.doc.font(font, 1000).widthOfString(character))
      sum += known.get(character)
    }
    return sum * size / 1000 / mm
  }
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

// times32 multiplies by the powers of 2 that weigh a code's symbols, in the
// field of 32 elements (x⁵ + x² + 1).
const times32 = Array.from({ length: 8 }, (_, power) => Array.from({ length: 32 }, (_, value) => {
  for (let i = 0; i < power; i++) value = value << 1 ^ (value & 16 ? 37 : 0)
  return value
}))

// newCode makes a code of 7 random symbols and their check symbol.
function newCode (random) {
  let code = ''
  let sum = 0
  for (let i = 0; i < 7; i++) {
    const value = random[i] % 32
    sum ^= times32[i + 1][value]
    code += crockford[value]
  }
  code += crockford[sum]
  return code.slice(0, 4) + '-' + code.slice(4)
}

function main (fonts, input, output) {
  const started = process.hrtime.bigint()
  const [design, ...letters] = fs.readFileSync(input, 'utf8').trimEnd().split('\n').map(line => JSON.parse(line))
  const sheets = new Sheets(fonts, design)
  const file = fs.createWriteStream(output, { mode: 0o600, flush: true }) // flush: synced before it closes
  sheets.doc.pipe(file)
  const hashes = []
  for (const letter of letters) {
    const codes = [newCode(crypto.randomBytes(7)), newCode(crypto.randomBytes(7))]
    const salt = crypto.randomBytes(16)
    hashes.push([salt, crypto.createHash('sha256').update(salt).update(codes.join('/')).digest()])
    sheets.add(letter, codes)
  }
  sheets.doc.end()
  file.on('close', () => {
    const seconds = Number(process.hrtime.bigint() - started) / 1e9
    console.log(JSON.stringify({ Count: hashes.length, Seconds: seconds }))
  })
}

main(...process.argv.slice(2))
