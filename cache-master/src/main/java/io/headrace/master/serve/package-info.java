/**
 * The catalog and its origins over gRPC: {@link io.headrace.master.serve.CatalogService} answers catalog.proto's names, {@link
 * io.headrace.master.serve.DataSetsService} mounts and unmounts.
 */
@NullMarked
package io.headrace.master.serve;

import org.jspecify.annotations.NullMarked;
