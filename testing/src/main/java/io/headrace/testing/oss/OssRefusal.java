package io.headrace.testing.oss;

/**
 * An answer that is an error. Codes and status are OSS's own:
 * https://www.alibabacloud.com/help/en/oss/user-guide/ec-error-codes
 */
final class OssRefusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String explanation;
    private final String details;

    OssRefusal(int status, String code, String message) {
        this(status, code, message, "");
    }

    /** @param details further elements of the error's XML */
    OssRefusal(int status, String code, String message, String details) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.explanation = message;
        this.details = details;
    }

    static OssRefusal noSuchKey() {
        return new OssRefusal(404, "NoSuchKey", "The specified key does not exist.");
    }

    static OssRefusal invalidArgument(String message) {
        return new OssRefusal(400, "InvalidArgument", message);
    }

    static OssRefusal accessDenied(String message) {
        return new OssRefusal(403, "AccessDenied", message);
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }

    String toXml(String requestId) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code + "</Code><Message>"
                + Xml.escape(explanation) + "</Message><RequestId>" + requestId + "</RequestId>" + details
                + "</Error>";
    }
}
