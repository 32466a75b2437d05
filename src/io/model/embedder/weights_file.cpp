#include "io/model/embedder/weights_file.hpp"

#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/crypto.hpp"

namespace hayate::model {
namespace {

constexpr std::string_view kMagic = "HAYATEUS";
constexpr uint32_t kVersion = 1;
constexpr size_t kHeaderBytes = 64;
constexpr size_t kAlignment = 64;
constexpr uint32_t kSectionsMax = 256;

struct Header {
    char magic[8];
    uint32_t version;
    uint32_t sections;
    uint64_t file_bytes;
    char reserved[8];
    char sha256[32];
};
static_assert(sizeof(Header) == kHeaderBytes);

struct Entry {
    char name[24];
    uint64_t offset;
    uint64_t bytes;
    uint32_t rows;
    uint32_t cols;
};
static_assert(sizeof(Entry) == 48);

tl::unexpected<Error> unusable(const std::string& path, std::string_view why) {
    return fail(ErrorKind::kUnavailable, "model.embedder",
                path + " " + std::string(why) + "; run tools/fetch-embedder.py");
}

std::string_view as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Result<std::unique_ptr<WeightsFile>> WeightsFile::open(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return unusable(path, "cannot be opened");
    struct stat info{};
    const bool is_sized = ::fstat(file, &info) == 0 && std::cmp_greater(info.st_size, kHeaderBytes);
    const auto size = static_cast<size_t>(info.st_size);
    void* memory = is_sized ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
    ::close(file);
    if (memory == MAP_FAILED) return unusable(path, "is empty or cannot be mapped");
    // The constructor is private, so make_unique cannot be used.
    std::unique_ptr<WeightsFile> weights(
        new WeightsFile(path, {static_cast<const std::byte*>(memory), size}));
    if (Status parsed = weights->parse(); !parsed) return fail(parsed.error());
    return weights;
}

WeightsFile::WeightsFile(std::string path, std::span<const std::byte> mapping)
    : path_(std::move(path)), mapping_(mapping) {}

WeightsFile::~WeightsFile() { ::munmap(const_cast<std::byte*>(mapping_.data()), mapping_.size()); }

Status WeightsFile::parse() {
    Header header{};
    std::memcpy(&header, mapping_.data(), sizeof header);
    if (std::string_view(header.magic, 8) != kMagic)
        return unusable(path_, "is another kind of file");
    if (header.version != kVersion) return unusable(path_, "has another version");
    const auto body = mapping_.subspan(kHeaderBytes);
    const base::Sha256 digest = base::sha256(as_text(body));
    if (header.file_bytes != mapping_.size() || header.sections > kSectionsMax ||
        header.sections * sizeof(Entry) > body.size() ||
        base::as_view(digest) != std::string_view(header.sha256, sizeof header.sha256)) {
        return unusable(path_, "is damaged");
    }
    for (uint32_t i = 0; i < header.sections; ++i) {
        Entry entry{};
        std::memcpy(&entry, body.data() + i * sizeof entry, sizeof entry);
        if (entry.offset % kAlignment != 0 || entry.offset > mapping_.size() ||
            entry.bytes > mapping_.size() - entry.offset) {
            return unusable(path_, "is damaged");
        }
        const std::string name(entry.name, ::strnlen(entry.name, sizeof entry.name));
        sections_[name] = {mapping_.subspan(entry.offset, entry.bytes), entry.rows, entry.cols};
    }
    fingerprint_ = base::to_hex(base::as_view(digest)).substr(0, 16);
    return {};
}

Result<WeightsFile::Section> WeightsFile::section(std::string_view name, size_t rows, size_t cols,
                                                  size_t item_bytes) const {
    const auto found = sections_.find(name);
    if (found == sections_.end() || found->second.rows != rows || found->second.cols != cols ||
        found->second.bytes.size() != rows * cols * item_bytes) {
        return unusable(path_, "has no fitting section " + std::string(name));
    }
    return found->second;
}

Result<WeightsFile::Section> WeightsFile::blob(std::string_view name) const {
    const auto found = sections_.find(name);
    if (found == sections_.end()) return unusable(path_, "has no section " + std::string(name));
    return found->second;
}

}  // namespace hayate::model
