package letters

// The sheet, in millimetres from its top left corner. Sizes of type are in
// points.
const (
	millimetresPerPoint = 25.4 / 72

	sheetWidth  = 210.0
	sheetHeight = 297.0

	// A4 folded in three.
	firstFold  = 99.0
	secondFold = 198.0
	foldLength = 5.0

	// The address fits the 45 × 100 mm window, 20 mm from right and bottom,
	// of a DL (110 × 220) and of a C6/5 (114 × 229) envelope, wherever the
	// folded sheet slides in it. 10 pt of a font with an advance of 0.6 em are
	// 12 characters an inch, 12 pt lines are six an inch.
	addressX    = 109.5
	addressY    = 51.0
	addressSize = 10.0
	addressStep = 12 * millimetresPerPoint

	// Nothing but the address prints here.
	clearLeft, clearRight = 88.0, 202.0
	clearTop, clearBottom = 32.0, 92.0

	// The text's column. French letters keep 25 mm at the left.
	marginLeft = 25.0
	textWidth  = 165.0

	// The letterhead ends before the window.
	letterheadTop    = 17.0
	letterheadWidth  = clearLeft - marginLeft - 1
	letterheadBottom = 70.0

	// The reference's block, left of the window.
	matrixTop    = 76.0
	matrixModule = 0.6
	matrixSide   = 12.0 // 20 modules, for references up to twice as long
	referenceX   = marginLeft + 13.0

	// The middle panel, which folds inward, bears the codes.
	dateBaseline       = 104.5
	subjectBaseline    = 111.5
	salutationBaseline = 119.5
	introBaseline      = 126.5
	codesTop           = 149.5
	codesHeight        = 20.5
	noteBaseline       = 174.7
	stepsBaseline      = 186.2
	middleBottom       = secondFold - 1.5

	// The lower panel.
	lowerBaseline   = 207.0
	closingBaseline = 264.5
	lowerBottom     = closingBaseline - 4.5
	signatoryTop    = 275.5
	footerBaseline  = 288.8

	// Type.
	bodySize, bodyStep   = 10.0, 4.9
	smallSize, smallStep = 8.5, 4.0
	codeSize             = 18.0
	referenceSize        = 14.0
	sectionGap           = 3.2
)
