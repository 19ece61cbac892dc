# Rscript execute.R FOLDER SEED: source FOLDER/script.R, call azureml_main with the tables in FOLDER/in1 and FOLDER/in2,
# write the tables that it returns to FOLDER/out1 and FOLDER/out2, its plots to FOLDER/plots, and why it failed to
# FOLDER/failure.txt: the line of the script, and the message.

.designer <- list(folder = commandArgs(TRUE)[1], seed = commandArgs(TRUE)[2])
source(file.path(.designer$folder, "columns.R"), keep.source = FALSE)

.designer$fail <- function(line, message) {
  writeLines(c(line, enc2utf8(message)), file.path(.designer$folder, "failure.txt"), useBytes = TRUE)
  quit(save = "no", status = 1, runLast = FALSE)
}

# The innermost line of the script among the calls that led to an error.
.designer$line <- function(calls) {
  lines <- vapply(calls, function(call) {
    where <- attr(call, "srcref")
    if (is.null(where) || basename(getSrcFilename(where)) != "script.R") NA_integer_ else where[1]
  }, NA_integer_)
  known <- lines[!is.na(lines)]
  if (length(known) > 0) known[length(known)] else ""
}

.designer$plain <- function(condition) {
  call <- conditionCall(condition)
  where <- if (is.null(call)) "" else paste0(deparse(call)[1], ": ")
  paste0(where, conditionMessage(condition))
}

.designer$table <- function(number) {
  folder <- file.path(.designer$folder, paste0("in", number))
  if (file.exists(folder)) read_columns(folder) else NULL
}

options(keep.source = TRUE, encoding = "UTF-8", device = function(...) {
  png(file.path(.designer$folder, "plots", "plot%03d.png"), width = 960, height = 720, res = 120)
})
if (nzchar(.designer$seed)) set.seed(as.integer(.designer$seed))

.designer$parsed <- tryCatch(
  parse(file.path(.designer$folder, "script.R"), keep.source = TRUE, encoding = "UTF-8"),
  error = function(condition) {
    where <- regmatches(conditionMessage(condition), regexpr(":[0-9]+:[0-9]+: .*", conditionMessage(condition)))
    parts <- if (length(where) > 0) strsplit(where, ":", fixed = TRUE)[[1]] else c("", "", "", conditionMessage(condition))
    .designer$fail(parts[2], trimws(strsplit(paste(parts[-(1:3)], collapse = ":"), "\n", fixed = TRUE)[[1]][1]))
  }
)

withCallingHandlers(
  {
    for (.designer_number in seq_along(.designer$parsed)) {
      .designer$current <- attr(.designer$parsed, "srcref")[[.designer_number]][1]
      eval(.designer$parsed[[.designer_number]], globalenv())
    }
    .designer$current <- ""
    if (!exists("azureml_main", globalenv(), mode = "function")) {
      .designer$fail("", "the script defines no azureml_main")
    }
    .designer$takes <- formals(get("azureml_main", globalenv()))
    if (length(.designer$takes) < 2 && !("..." %in% names(.designer$takes))) {
      .designer$fail("", paste("azureml_main takes", length(.designer$takes), "of the two tables"))
    }
    .designer$result <- azureml_main(.designer$table(1), .designer$table(2))
    if (is.data.frame(.designer$result)) .designer$result <- list(dataset1 = .designer$result)
    if (!is.list(.designer$result)) {
      .designer$fail("", paste("azureml_main returned a", class(.designer$result)[1]))
    }
    if (is.null(names(.designer$result))) {
      names(.designer$result) <- c("dataset1", "dataset2", rep("", length(.designer$result)))[seq_along(.designer$result)]
    }
    if (length(setdiff(names(.designer$result), c("dataset1", "dataset2"))) > 0) {
      .designer$fail("", paste0("azureml_main returned a list with '",
                                setdiff(names(.designer$result), c("dataset1", "dataset2"))[1], "'"))
    }
    .designer$current <- ""
    for (.designer_number in 1:2) {
      .designer_name <- paste0("dataset", .designer_number)
      if (!is.null(.designer$result[[.designer_name]])) {
        write_columns(.designer$result[[.designer_name]], file.path(.designer$folder, paste0("out", .designer_number)),
                      .designer_name)
      }
    }
    graphics.off()
    writeLines("finished", file.path(.designer$folder, "finished.txt"))
  },
  error = function(condition) {
    .designer$line_found <- .designer$line(sys.calls())
    if (!nzchar(.designer$line_found)) .designer$line_found <- .designer$current
    .designer$fail(.designer$line_found, .designer$plain(condition))
  }
)
