package io.headrace.testing.oss;

/** What can be asked of an {@link OssServer}. */
public enum OssOperation {
    LIST_OBJECTS(false),
    GET_BUCKET_INFO(false),
    GET_BUCKET_LOCATION(false),
    GET_OBJECT(false),
    HEAD_OBJECT(false),
    PUT_OBJECT(true),
    DELETE_OBJECT(true),
    INITIATE_UPLOAD(true),
    UPLOAD_PART(true),
    COMPLETE_UPLOAD(true),
    ABORT_UPLOAD(true);

    private final boolean writes;

    OssOperation(boolean writes) {
        this.writes = writes;
    }

    boolean writes() {
        return writes;
    }

    boolean ofBucket() {
        return this == LIST_OBJECTS || this == GET_BUCKET_INFO || this == GET_BUCKET_LOCATION;
    }
}
