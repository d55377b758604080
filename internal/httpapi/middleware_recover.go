package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
)

// errPanicked is wrapped by the error that a panic is turned into.
var errPanicked = errors.New("a defect: panic")

// explained writes the problem document of an error.
func (a *API) explained(next handler) handler {
	return func(c *call) error {
		err := next(c)
		if err == nil {
			return nil
		}
		begun := c.out.Written()
		c.writeProblem(err)
		if begun && !c.gone {
			panic(http.ErrAbortHandler) // the client must see that the answer is not whole
		}
		return err
	}
}

// recovered turns a panic into an error, whose text and place only the log sees.
func (a *API) recovered(next handler) handler {
	return func(c *call) (err error) {
		defer func() {
			switch v := recover(); v {
			case nil:
			case http.ErrAbortHandler:
				panic(v)
			default:
				err = fmt.Errorf("%w: %v\n%s", errPanicked, v, debug.Stack())
			}
		}()
		return next(c)
	}
}
