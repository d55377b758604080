package interchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
)

// errSheetXML is a part of a workbook that no spreadsheet program writes.
var errSheetXML = errors.New("not the XML of a workbook")

// maxTag bounds what stands between < and >, so that a broken part costs no memory.
const maxTag = 64 << 10

// scanner goes through the XML of a part of a workbook, which can be a hundred megabytes of small elements: it gives
// names without their prefix, unpacks the text of an element only on request, and makes nothing of the rest.
type scanner struct {
	in   *bufio.Reader
	name []byte // of the element that begins or ends
	tag  []byte // the beginning, from the name on
	text []byte // what was asked for by keep, without entities

	keep  bool // the text that comes is asked for
	ended bool // the element that began is empty, so that its end comes next
	buf   []byte
}

// token is what a scanner has come to.
type token int

const (
	tokenStart token = iota
	tokenEnd
	tokenEOF
)

// newScanner begins a part; UTF-16 is known by its byte order mark.
func newScanner(part io.Reader) *scanner {
	in := bufio.NewReaderSize(part, 64<<10)
	switch head, _ := in.Peek(3); {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		in = bufio.NewReaderSize(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(in), 64<<10)
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3)
	}
	return &scanner{in: in}
}

// next goes to the next beginning or end of an element. Text on the way goes to s.text while s.keep is set.
func (s *scanner) next() (token, error) {
	if s.ended {
		s.ended = false
		return tokenEnd, nil
	}
	for {
		if err := s.readText(); errors.Is(err, io.EOF) {
			return tokenEOF, nil
		} else if err != nil {
			return 0, err
		}
		if err := s.readTag(); err != nil {
			return 0, err
		}
		switch tag := s.buf; tag[0] {
		case '?':
		case '!':
			if err := s.special(); err != nil {
				return 0, err
			}
		case '/':
			s.name = local(bytes.TrimRight(tag[1:], " \t\r\n"))
			return tokenEnd, nil
		default:
			if s.ended = tag[len(tag)-1] == '/'; s.ended {
				tag = tag[:len(tag)-1]
			}
			s.tag = tag
			end := bytes.IndexAny(tag, " \t\r\n")
			if end < 0 {
				end = len(tag)
			}
			s.name = local(tag[:end])
			return tokenStart, nil
		}
	}
}

// local cuts the prefix off a name.
func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// readText reads up to the next <.
func (s *scanner) readText() error {
	for {
		piece, err := s.in.ReadSlice('<')
		whole := err == nil
		if whole {
			piece = piece[:len(piece)-1]
		}
		if s.keep {
			if failed := s.unescape(piece, !whole); failed != nil {
				return failed
			}
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err //nolint:wrapcheck // told as a damaged file
		}
	}
}

// readTag reads up to the > that ends a tag, which one in quotes does not.
func (s *scanner) readTag() error {
	s.buf = s.buf[:0]
	for {
		piece, err := s.in.ReadSlice('>')
		s.buf = append(s.buf, piece...)
		switch {
		case len(s.buf) > maxTag:
			return errSheetXML
		case err == nil && !openQuote(s.buf):
			if s.buf = s.buf[:len(s.buf)-1]; len(s.buf) == 0 || bytes.Equal(s.buf, []byte("/")) {
				return errSheetXML
			}
			return nil
		case errors.Is(err, io.EOF):
			return io.ErrUnexpectedEOF
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return err //nolint:wrapcheck // told as a damaged file
		}
	}
}

// openQuote tells whether a tag ends within the quotes of an attribute. Comments and the like have no attributes.
func openQuote(tag []byte) bool {
	if tag[0] == '!' || tag[0] == '?' {
		return false
	}
	for {
		at := bytes.IndexAny(tag, `"'`)
		if at < 0 {
			return false
		}
		end := bytes.IndexByte(tag[at+1:], tag[at])
		if end < 0 {
			return true
		}
		tag = tag[at+end+2:]
	}
}

// special reads on to the end of a comment, or of a text that is written without entities.
func (s *scanner) special() error {
	end, cdata := "--", bytes.HasPrefix(s.buf, []byte("![CDATA["))
	if cdata {
		end = "]]"
	} else if !bytes.HasPrefix(s.buf, []byte("!--")) {
		return errSheetXML // a document type: no workbook has one
	}
	for len(s.buf) < len("!--")+len(end) || !bytes.HasSuffix(s.buf, []byte(end)) {
		s.buf = append(s.buf, '>')
		piece, err := s.in.ReadSlice('>')
		for errors.Is(err, bufio.ErrBufferFull) && len(s.buf) <= maxCellBytes {
			s.buf = append(s.buf, piece...)
			piece, err = s.in.ReadSlice('>')
		}
		if err != nil || len(s.buf) > maxCellBytes+maxTag {
			return errSheetXML
		}
		s.buf = append(s.buf, piece[:len(piece)-1]...)
	}
	if cdata && s.keep {
		s.text = append(s.text, s.buf[len("![CDATA["):len(s.buf)-len(end)]...)
	}
	return nil
}

// unescape adds a piece of text without its entities. More is not kept than makes a cell too long.
func (s *scanner) unescape(piece []byte, cut bool) error {
	if len(s.text) > maxCellBytes {
		return nil
	}
	for len(piece) > 0 {
		at := bytes.IndexAny(piece, "&\r")
		if at < 0 {
			s.text = append(s.text, piece...)
			return nil
		}
		s.text = append(s.text, piece[:at]...)
		if piece = piece[at:]; piece[0] == '\r' { // the end of a line is one LF
			if piece = piece[1:]; len(piece) == 0 || piece[0] != '\n' {
				s.text = append(s.text, '\n')
			}
			continue
		}
		end := bytes.IndexByte(piece[:min(len(piece), 16)], ';')
		if end < 0 && cut && len(piece) < 16 { // the reader's buffer ends within it
			return s.entityAcross(bytes.Clone(piece[1:]))
		}
		if end < 0 {
			return errSheetXML
		}
		if err := s.entity(piece[1:end]); err != nil {
			return err
		}
		piece = piece[end+1:]
	}
	return nil
}

// entityAcross adds the character of an entity of which only the beginning has been read.
func (s *scanner) entityAcross(beginning []byte) error {
	rest, err := s.in.Peek(16)
	if err != nil && !errors.Is(err, io.EOF) {
		return err //nolint:wrapcheck // told as a damaged file
	}
	end := bytes.IndexByte(rest, ';')
	if end < 0 {
		return errSheetXML
	}
	beginning = append(beginning, rest[:end]...)
	_, _ = s.in.Discard(end + 1)
	return s.entity(beginning)
}

// entity adds the character of an entity.
func (s *scanner) entity(name []byte) error {
	switch string(name) {
	case "amp":
		s.text = append(s.text, '&')
	case "lt":
		s.text = append(s.text, '<')
	case "gt":
		s.text = append(s.text, '>')
	case "quot":
		s.text = append(s.text, '"')
	case "apos":
		s.text = append(s.text, '\'')
	default:
		if len(name) == 0 || name[0] != '#' {
			return errSheetXML
		}
		digits, base := name[1:], 10
		if len(digits) > 1 && digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		r, err := strconv.ParseUint(string(digits), base, 21)
		if err != nil {
			return errSheetXML
		}
		s.text = utf8.AppendRune(s.text, rune(r))
	}
	return nil
}

// attribute returns the value of an attribute of the element that begins, as it is written: the ones that are asked for
// are numbers and names of cells.
func (s *scanner) attribute(name string) []byte {
	rest := s.tag
	for {
		at := bytes.IndexByte(rest, '=')
		if at < 0 {
			return nil
		}
		key := bytes.TrimSpace(rest[:at])
		key = key[bytes.LastIndexAny(key, " \t\r\n")+1:]
		value := bytes.TrimLeft(rest[at+1:], " \t\r\n")
		if len(value) == 0 {
			return nil
		}
		end := bytes.IndexByte(value[1:], value[0])
		if end < 0 {
			return nil
		}
		if string(key) == name {
			return value[1 : end+1]
		}
		rest = value[end+2:]
	}
}
