package io.headrace.master.catalog;

/** A row and where it is. */
record PlacedRow(RowPlace place, Row row) {}
