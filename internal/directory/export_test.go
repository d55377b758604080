package directory

// FoldByTables is the slow way of Fold, which is right for every text.
var FoldByTables = foldByTables
