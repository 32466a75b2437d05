#include "io/model/embedder/vector_file.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

namespace hayate::model {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;
using Vector = std::vector<float>;

class VectorFileTest : public testing::Test {
  protected:
    VectorFileTest() { fs::create_directories(folder_); }
    ~VectorFileTest() override { fs::remove_all(folder_); }

    [[nodiscard]] std::string contents() const {
        std::ifstream in(file_.path(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }
    void overwrite(const std::string& bytes) const {
        std::ofstream(file_.path(), std::ios::binary) << bytes;
    }

    fs::path folder_ = fs::temp_directory_path() / ("hayate-vectors-" + std::to_string(::getpid()));
    VectorFile file_{(folder_ / "vectors").string(), "model/1"};
    TextVectors two_{{"where is it", {0.25F, -1.5F, 3e-9F}}, {"どこですか", {1, 0, 0}}};
};

TEST_F(VectorFileTest, GivesBackWhatWasAskedForToTheBit) {
    EXPECT_THAT(file_.read({"where is it"})->vectors, IsEmpty()) << "there is no file yet";
    ASSERT_TRUE(file_.write(two_));
    EXPECT_EQ(file_.read({"where is it", "どこですか", "new"})->vectors, two_);
    EXPECT_EQ(file_.read({"where is it", "new"})->others, 1);
    EXPECT_THAT(file_.read({"where is it"})->vectors,
                UnorderedElementsAre(Pair("where is it", Vector{0.25F, -1.5F, 3e-9F})));
}

TEST_F(VectorFileTest, KeepsNothingButWhatWasWrittenLast) {
    ASSERT_TRUE(file_.write(two_));
    ASSERT_TRUE(file_.write({{"other", {1, 2, 3}}}));
    EXPECT_THAT(file_.read({"where is it", "other"})->vectors,
                UnorderedElementsAre(Pair("other", Vector{1, 2, 3})));
    ASSERT_TRUE(file_.write({}));
    EXPECT_THAT(file_.read({"other"})->vectors, IsEmpty());
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "no half file is left";
}

TEST_F(VectorFileTest, DoesNotFindAnotherModelsVectors) {
    ASSERT_TRUE(file_.write(two_));
    EXPECT_THAT(VectorFile(file_.path(), "model/2").read({"where is it"})->vectors, IsEmpty());
}

TEST_F(VectorFileTest, ADamagedOrForeignFileIsRefusedWhole) {
    ASSERT_TRUE(file_.write(two_));
    const std::string whole = contents();
    for (size_t at = 0; at < whole.size(); ++at) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x40);
        overwrite(damaged);
        ASSERT_EQ(file_.read({"where is it"}).error().kind, ErrorKind::kBadRequest) << at;
    }
    for (size_t length = 0; length < whole.size(); ++length) {
        overwrite(whole.substr(0, length));
        ASSERT_EQ(file_.read({"where is it"}).error().kind, ErrorKind::kBadRequest) << length;
    }
    overwrite(
        "SQLite format 3 and a lot more that is no vector, whatever else it may be in the end");
    EXPECT_EQ(file_.read({"where is it"}).error().internal, "not a file of vectors");
    ASSERT_TRUE(file_.write(two_)) << "and is replaced";
    EXPECT_EQ(file_.read({"where is it", "どこですか"})->vectors, two_);
}

TEST_F(VectorFileTest, WhatCannotBeWrittenIsSaid) {
    const VectorFile nowhere((folder_ / "missing/vectors").string(), "model/1");
    EXPECT_EQ(nowhere.write(two_).error().kind, ErrorKind::kUnavailable);
    EXPECT_THAT(nowhere.read({"where is it"})->vectors, IsEmpty());
    fs::create_directory(file_.path());
    EXPECT_EQ(file_.write(two_).error().kind, ErrorKind::kUnavailable);
    EXPECT_EQ(file_.read({"where is it"}).error().kind, ErrorKind::kUnavailable);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "no half file is left";
}

}  // namespace
}  // namespace hayate::model
