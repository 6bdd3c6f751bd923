package io.headrace.store;

/**
 * A complete file of a tier, lent out. The descriptor belongs to the lender and is open, for reading, until
 * {@link #close}; to keep it longer, duplicate it. Closing it returns the loan.
 */
public interface BackingFile extends AutoCloseable {
    int descriptor();

    Tier tier();

    @Override
    void close();
}
