-- AlterTable
ALTER TABLE "funds_movement" ADD COLUMN     "sequence" SERIAL NOT NULL;

-- AlterTable
ALTER TABLE "property_item" ADD COLUMN     "sequence" SERIAL NOT NULL;

-- AlterTable
ALTER TABLE "register_entry" ADD COLUMN     "sequence" SERIAL NOT NULL;
