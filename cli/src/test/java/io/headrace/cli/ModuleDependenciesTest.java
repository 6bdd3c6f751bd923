package io.headrace.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the module table of the design: what may depend on what. */
@AnalyzeClasses(packages = "io.headrace", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleDependenciesTest {
    @ArchTest
    static final ArchRule modules_depend_as_the_design_says = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.headrace..")
            .layer("protocol")
            .definedBy("io.headrace.protocol..")
            .layer("testing")
            .definedBy("io.headrace.testing..")
            .layer("storage")
            .definedBy("io.headrace.storage..")
            .layer("cache-store")
            .definedBy("io.headrace.store..")
            .layer("cache-master")
            .definedBy("io.headrace.master..")
            .layer("cache-worker")
            .definedBy("io.headrace.worker..")
            .layer("client")
            .definedBy("io.headrace.client..")
            .layer("fuse-client")
            .definedBy("io.headrace.fuse..")
            .layer("cli")
            .definedBy("io.headrace.cli..")
            .optionalLayer("benchmarks")
            .definedBy("io.headrace.benchmarks..")
            .whereLayer("protocol")
            .mayNotAccessAnyLayer()
            .whereLayer("testing")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("storage")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("cache-store")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("cache-master")
            .mayOnlyAccessLayers("protocol", "storage")
            .whereLayer("cache-worker")
            .mayOnlyAccessLayers("protocol", "storage", "cache-store", "client")
            .whereLayer("client")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("fuse-client")
            .mayOnlyAccessLayers("protocol", "client", "cache-store")
            .whereLayer("cli")
            .mayOnlyBeAccessedByLayers("benchmarks")
            .allowEmptyShould(true);
}
