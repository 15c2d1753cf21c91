-- CreateTable
CREATE TABLE "user" (
    "id" UUID NOT NULL,
    "username" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "password_hash" TEXT NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "user_role" (
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,

    CONSTRAINT "user_role_pkey" PRIMARY KEY ("user_id","role")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case" (
    "id" UUID NOT NULL,
    "case_number" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "cause" TEXT NOT NULL,
    "cause_category" TEXT NOT NULL,
    "subject_type" TEXT NOT NULL,
    "amount" DECIMAL(18,2),
    "basis_number" TEXT NOT NULL,
    "basis_content" TEXT NOT NULL,
    "restored" BOOLEAN NOT NULL DEFAULT false,
    "application" JSONB NOT NULL,
    "application_received_at" TIMESTAMPTZ(3) NOT NULL,
    "filed_at" TIMESTAMPTZ(3) NOT NULL,
    "filed_by" TEXT NOT NULL,
    "process_instance_key" TEXT,
    "team" TEXT,
    "handling_judge" TEXT,
    "handling_clerk" TEXT,
    "triage" JSONB,
    "closing_mode" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "case_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "party" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "id_kind" TEXT NOT NULL,
    "id_number" TEXT,
    "address" TEXT,
    "phone" TEXT,

    CONSTRAINT "party_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "filing_check" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "round" INTEGER NOT NULL,
    "element_instance_key" TEXT NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "findings" JSONB NOT NULL,
    "verification" JSONB,
    "correction" JSONB,
    "correction_element_instance_key" TEXT,

    CONSTRAINT "filing_check_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reception" (
    "case_id" UUID NOT NULL,
    "held" BOOLEAN NOT NULL,
    "interviewer" TEXT,
    "recorder" TEXT,
    "interviewee" TEXT,
    "started_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,
    "content" JSONB NOT NULL,

    CONSTRAINT "reception_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "register_entry" (
    "id" UUID NOT NULL,
    "register" TEXT NOT NULL,
    "case_id" UUID NOT NULL,
    "element_instance_key" TEXT NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,
    "entry" JSONB NOT NULL,

    CONSTRAINT "register_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "property_item" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "register_entry_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "amount" DECIMAL(18,2),
    "frozen" BOOLEAN NOT NULL,

    CONSTRAINT "property_item_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "funds_movement" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "register_entry_id" UUID NOT NULL,
    "direction" TEXT NOT NULL,
    "amount" DECIMAL(18,2) NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "detail" JSONB NOT NULL,

    CONSTRAINT "funds_movement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "blob" (
    "sha256" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "blob_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "document" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "number" TEXT,
    "ordinal" INTEGER,
    "element_instance_key" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "pages" INTEGER NOT NULL,
    "rendered_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "document_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "upload" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "file_name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "pages" INTEGER NOT NULL,
    "uploaded_by" TEXT NOT NULL,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "upload_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dossier_entry" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "volume" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "document_id" UUID,
    "upload_id" UUID,
    "element_instance_key" TEXT,
    "sha256" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "pages" INTEGER NOT NULL,
    "entered_by" TEXT NOT NULL,
    "entered_at" TIMESTAMPTZ(3) NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "dossier_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "node_entry" (
    "id" UUID NOT NULL,
    "case_id" UUID NOT NULL,
    "node" TEXT NOT NULL,
    "element_id" TEXT NOT NULL,
    "element_instance_key" TEXT NOT NULL,
    "process_instance_key" TEXT NOT NULL,
    "deadline_key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "ladder" TEXT,
    "handler_role" TEXT,
    "runs_from" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "remind_at" TIMESTAMPTZ(3) NOT NULL,
    "provisional" BOOLEAN NOT NULL,
    "explanation" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "finished_at" TIMESTAMPTZ(3),
    "reminded_at" TIMESTAMPTZ(3),
    "overdue_at" TIMESTAMPTZ(3),
    "supervised_by" TEXT,

    CONSTRAINT "node_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "due_date_change" (
    "id" UUID NOT NULL,
    "node_entry_id" UUID NOT NULL,
    "element_instance_key" TEXT NOT NULL,
    "from_due_at" TIMESTAMPTZ(3) NOT NULL,
    "to_due_at" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "due_date_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "escalation" (
    "id" UUID NOT NULL,
    "node_entry_id" UUID NOT NULL,
    "element_instance_key" TEXT NOT NULL,
    "rung" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "escalation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task_draft" (
    "task_key" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "task_draft_pkey" PRIMARY KEY ("task_key","username")
);

-- CreateTable
CREATE TABLE "case_number_sequence" (
    "year" INTEGER NOT NULL,
    "court_code" TEXT NOT NULL,
    "type_code" TEXT NOT NULL,
    "last_number" INTEGER NOT NULL,

    CONSTRAINT "case_number_sequence_pkey" PRIMARY KEY ("year","court_code","type_code")
);

-- CreateTable
CREATE TABLE "session" (
    "sid" VARCHAR NOT NULL,
    "sess" JSON NOT NULL,
    "expire" TIMESTAMP(6) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("sid")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_username_key" ON "user"("username");

-- CreateIndex
CREATE INDEX "audit_entry_subject_type_subject_id_id_idx" ON "audit_entry"("subject_type", "subject_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "case_case_number_key" ON "case"("case_number");

-- CreateIndex
CREATE INDEX "case_status_filed_at_idx" ON "case"("status", "filed_at");

-- CreateIndex
CREATE INDEX "party_case_id_idx" ON "party"("case_id");

-- CreateIndex
CREATE INDEX "party_id_number_idx" ON "party"("id_number");

-- CreateIndex
CREATE UNIQUE INDEX "filing_check_element_instance_key_key" ON "filing_check"("element_instance_key");

-- CreateIndex
CREATE UNIQUE INDEX "filing_check_correction_element_instance_key_key" ON "filing_check"("correction_element_instance_key");

-- CreateIndex
CREATE UNIQUE INDEX "filing_check_case_id_round_key" ON "filing_check"("case_id", "round");

-- CreateIndex
CREATE UNIQUE INDEX "register_entry_element_instance_key_key" ON "register_entry"("element_instance_key");

-- CreateIndex
CREATE INDEX "register_entry_register_entered_at_idx" ON "register_entry"("register", "entered_at");

-- CreateIndex
CREATE INDEX "register_entry_case_id_idx" ON "register_entry"("case_id");

-- CreateIndex
CREATE INDEX "property_item_case_id_idx" ON "property_item"("case_id");

-- CreateIndex
CREATE INDEX "funds_movement_case_id_idx" ON "funds_movement"("case_id");

-- CreateIndex
CREATE UNIQUE INDEX "document_number_key" ON "document"("number");

-- CreateIndex
CREATE UNIQUE INDEX "document_element_instance_key_key" ON "document"("element_instance_key");

-- CreateIndex
CREATE INDEX "document_case_id_idx" ON "document"("case_id");

-- CreateIndex
CREATE INDEX "upload_case_id_idx" ON "upload"("case_id");

-- CreateIndex
CREATE UNIQUE INDEX "dossier_entry_element_instance_key_key" ON "dossier_entry"("element_instance_key");

-- CreateIndex
CREATE UNIQUE INDEX "dossier_entry_case_id_position_key" ON "dossier_entry"("case_id", "position");

-- CreateIndex
CREATE UNIQUE INDEX "dossier_entry_case_id_volume_number_version_key" ON "dossier_entry"("case_id", "volume", "number", "version");

-- CreateIndex
CREATE INDEX "node_entry_case_id_node_idx" ON "node_entry"("case_id", "node");

-- CreateIndex
CREATE INDEX "node_entry_finished_at_due_at_idx" ON "node_entry"("finished_at", "due_at");

-- CreateIndex
CREATE UNIQUE INDEX "node_entry_element_instance_key_deadline_key_key" ON "node_entry"("element_instance_key", "deadline_key");

-- CreateIndex
CREATE UNIQUE INDEX "due_date_change_element_instance_key_key" ON "due_date_change"("element_instance_key");

-- CreateIndex
CREATE INDEX "due_date_change_node_entry_id_idx" ON "due_date_change"("node_entry_id");

-- CreateIndex
CREATE UNIQUE INDEX "escalation_element_instance_key_key" ON "escalation"("element_instance_key");

-- CreateIndex
CREATE INDEX "escalation_node_entry_id_idx" ON "escalation"("node_entry_id");

-- CreateIndex
CREATE INDEX "IDX_session_expire" ON "session"("expire");

-- AddForeignKey
ALTER TABLE "user_role" ADD CONSTRAINT "user_role_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "party" ADD CONSTRAINT "party_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "filing_check" ADD CONSTRAINT "filing_check_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reception" ADD CONSTRAINT "reception_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "register_entry" ADD CONSTRAINT "register_entry_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "property_item" ADD CONSTRAINT "property_item_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "funds_movement" ADD CONSTRAINT "funds_movement_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "document" ADD CONSTRAINT "document_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "upload" ADD CONSTRAINT "upload_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dossier_entry" ADD CONSTRAINT "dossier_entry_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "node_entry" ADD CONSTRAINT "node_entry_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "case"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "due_date_change" ADD CONSTRAINT "due_date_change_node_entry_id_fkey" FOREIGN KEY ("node_entry_id") REFERENCES "node_entry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "escalation" ADD CONSTRAINT "escalation_node_entry_id_fkey" FOREIGN KEY ("node_entry_id") REFERENCES "node_entry"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
