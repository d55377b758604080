// Package sample has one duty: to carry the first real content, the data set on Morocco's labour-migration governance,
// as it was compiled: CSV files and the README that says where they come from.
package sample

import (
	"embed"
	"io/fs"
)

//go:embed morocco
var files embed.FS

// Morocco returns the folder of the data set.
func Morocco() fs.FS {
	folder, err := fs.Sub(files, "morocco")
	if err != nil {
		panic(err) // the name above is a constant: a defect that every test sees
	}
	return folder
}
