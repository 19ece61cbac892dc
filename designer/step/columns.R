# Tables as folders of plain columns, in base R only. `read_columns(folder)` gives a data frame,
# `write_columns(frame, folder)` writes one; designer/contract/files/plain_columns.py is the other side.
#
# columns.txt holds the number of rows, and a line for the kind of each column. Numbers are little-endian, the missing
# integer and length is the smallest one; a text is its bytes in UTF-8 and its lengths in bytes.

.designer_binary <- function(path, what, size) {
  connection <- file(path, "rb")
  on.exit(close(connection))
  readBin(connection, what, file.size(path) / size, size, endian = "little")
}

.designer_text <- function(stem) {
  lengths <- .designer_binary(paste0(stem, ".lengths"), "integer", 4L)
  connection <- file(paste0(stem, ".text"), "rb")
  on.exit(close(connection))
  present <- !is.na(lengths)
  texts <- rep(NA_character_, length(lengths))
  texts[present] <- readChar(connection, lengths[present], useBytes = TRUE)
  Encoding(texts) <- "UTF-8"
  texts
}

.designer_column <- function(stem, kind, detail) {
  values <- function(what, size) .designer_binary(paste0(stem, ".values"), what, size)
  switch(kind,
    double = values("double", 8L),
    integer = values("integer", 4L),
    whole = structure(values("double", 8L), designer = "whole"),
    logical = as.logical(values("integer", 4L)),
    text = .designer_text(stem),
    time = structure(values("double", 8L) / 1e6, class = c("POSIXct", "POSIXt"), tzone = detail),
    factor = structure(values("integer", 4L), levels = .designer_text(paste0(stem, ".levels")), class = "factor",
                       designer = detail),
    ordered = structure(values("integer", 4L), levels = .designer_text(paste0(stem, ".levels")),
                        class = c("ordered", "factor"), designer = detail)
  )
}

read_columns <- function(folder) {
  lines <- strsplit(readLines(file.path(folder, "columns.txt"), encoding = "UTF-8"), " ", fixed = TRUE)
  kinds <- lines[-1]
  columns <- lapply(seq_along(kinds), function(number) {
    kind <- kinds[[number]]
    .designer_column(file.path(folder, number), kind[1], if (length(kind) > 1) kind[2] else NULL)
  })
  names(columns) <- .designer_text(file.path(folder, "names"))
  structure(columns, class = "data.frame", row.names = .set_row_names(as.integer(lines[[1]][1])))
}

.designer_write <- function(values, path, size) {
  connection <- file(path, "wb")
  on.exit(close(connection))
  writeBin(values, connection, size, endian = "little")
}

.designer_write_text <- function(texts, stem, label) {
  texts <- enc2utf8(as.character(texts))
  broken <- which(!validUTF8(texts) & !is.na(texts))
  if (length(broken) > 0) stop(label, " holds text that is not UTF-8 (row ", broken[1], ")", call. = FALSE)
  lengths <- nchar(texts, type = "bytes", keepNA = TRUE)
  lengths[is.na(texts)] <- NA_integer_
  .designer_write(lengths, paste0(stem, ".lengths"), 4L)
  connection <- file(paste0(stem, ".text"), "wb")
  on.exit(close(connection))
  writeLines(texts[!is.na(texts)], connection, sep = "", useBytes = TRUE)
}

.designer_is_whole <- function(values) {
  present <- values[!is.na(values)]
  identical(attr(values, "designer"), "whole") && all(present == trunc(present) & abs(present) <= 2^53)
}

# Writes one column; returns its kind, as columns.txt has it.
.designer_write_column <- function(column, stem, label) {
  if (length(dim(column)) > 1 || inherits(column, "integer64")) {
    stop(label, " is a ", class(column)[1], ", which a table cannot hold", call. = FALSE)
  }
  values <- paste0(stem, ".values")
  if (is.factor(column)) {
    .designer_write(as.integer(column), values, 4L)
    .designer_write_text(levels(column), paste0(stem, ".levels"), label)
    return(paste(c(if (is.ordered(column)) "ordered" else "factor", attr(column, "designer")), collapse = " "))
  }
  if (inherits(column, "Date")) column <- structure(as.numeric(column) * 86400, class = c("POSIXct", "POSIXt"))
  if (inherits(column, "POSIXt")) {
    column <- as.POSIXct(column)
    zone <- attr(column, "tzone")
    .designer_write(round(as.numeric(column) * 1e6), values, 8L)
    return(paste("time", if (is.null(zone) || !nzchar(zone[1])) "UTC" else zone[1]))
  }
  if (inherits(column, "difftime")) column <- as.numeric(column, units = "secs")
  if (is.logical(column) || is.integer(column) || is.raw(column)) {
    .designer_write(as.integer(column), values, 4L)
    return(if (is.logical(column)) "logical" else "integer")
  }
  if (is.double(column)) {
    .designer_write(as.vector(column), values, 8L)
    return(if (.designer_is_whole(column)) "whole" else "double")
  }
  if (!is.character(column)) {
    stop(label, " is a ", class(column)[1], ", which a table cannot hold", call. = FALSE)
  }
  .designer_write_text(column, stem, label)
  "text"
}

write_columns <- function(frame, folder, label = "the table") {
  if (is.matrix(frame)) frame <- as.data.frame(frame, stringsAsFactors = FALSE)
  if (!is.data.frame(frame)) stop(label, " is a ", class(frame)[1], ", not a data frame", call. = FALSE)
  dir.create(folder, showWarnings = FALSE)
  kinds <- vapply(seq_along(frame), function(number) {
    named <- paste0("column '", names(frame)[number], "' of ", label)
    .designer_write_column(frame[[number]], file.path(folder, number), named)
  }, "")
  .designer_write_text(names(frame), file.path(folder, "names"), paste("the names of", label))
  writeLines(c(format(nrow(frame), scientific = FALSE), kinds), file.path(folder, "columns.txt"))
}
