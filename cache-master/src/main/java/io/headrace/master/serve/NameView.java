package io.headrace.master.serve;

import io.headrace.protocol.Namespace;

/** All names, and what is to be known of them to serve them. */
record NameView(Namespace names, Origins origins, AnswerValidity validity) {}
