// The file: a Head, then `count` records of a key and `dimensions` numbers, then the SHA-256 of all
// that. Numbers are as in memory; the head's mark tells the byte order. A key is the SHA-256 of the
// model's id and the text, cut to 16 bytes.

#include "io/model/embedder/vector_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/crypto.hpp"

namespace hayate::model {
namespace {

constexpr std::string_view kSource = "vector_file";
constexpr size_t kKeyBytes = 16;
constexpr size_t kDigestBytes = sizeof(base::Sha256);
constexpr std::array<char, 8> kMagic{'h', 'a', 'y', 'v', 'e', 'c', '0', '1'};
constexpr uint32_t kMark = 0x01020304;
constexpr uint32_t kDimensionsMax = 1U << 16;
constexpr uintmax_t kBytesMax = 1ULL << 30;  // half a million vectors of 512 numbers

struct Head {
    std::array<char, 8> magic = kMagic;
    uint32_t mark = kMark;
    uint32_t dimensions = 0;
    uint64_t count = 0;
};
static_assert(sizeof(Head) == 24);

size_t record_bytes(const Head& head) { return kKeyBytes + head.dimensions * sizeof(float); }

std::string_view bytes_of(const Head& head) {
    return {reinterpret_cast<const char*>(&head), sizeof head};
}

tl::unexpected<Error> wrong(const char* what) {
    return fail(ErrorKind::kBadRequest, std::string(kSource), what);
}

tl::unexpected<Error> not_written(const std::string& path) {
    const std::string why = std::generic_category().message(errno);
    return fail(ErrorKind::kUnavailable, std::string(kSource), path + ": " + why);
}

/// Writes and closes; what is on the disk then survives a loss of power.
bool write_durably(int file, std::string_view bytes) {
    bool is_written = true;
    while (is_written && !bytes.empty()) {
        const ssize_t count = ::write(file, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        is_written = count > 0;
        if (is_written) bytes.remove_prefix(static_cast<size_t>(count));
    }
    is_written = is_written && ::fsync(file) == 0;
    return ::close(file) == 0 && is_written;
}

/// The records of a file that is whole.
Result<std::string_view> records_of(std::string_view all, Head& head) {
    if (all.size() < sizeof head + kDigestBytes) return wrong("too short");
    std::memcpy(&head, all.data(), sizeof head);
    if (head.magic != kMagic || head.mark != kMark) return wrong("not a file of vectors");
    const std::string_view digest = all.substr(all.size() - kDigestBytes);
    all.remove_suffix(kDigestBytes);
    if (base::as_view(base::sha256(all)) != digest) return wrong("the checksum is wrong");
    all.remove_prefix(sizeof head);
    const bool is_sized = head.dimensions <= kDimensionsMax &&
                          head.count <= all.size() / kKeyBytes &&
                          head.count * record_bytes(head) == all.size();
    if (!is_sized) return wrong("the size does not fit");
    return all;
}

}  // namespace

std::string VectorFile::key_of(const std::string& text) const {
    const base::Sha256 digest = base::sha256(model_id_ + '\0' + text);
    return std::string(base::as_view(digest).substr(0, kKeyBytes));
}

Result<VectorFile::Contents> VectorFile::read(const std::set<std::string>& texts) const {
    std::error_code failed;
    if (!std::filesystem::exists(path_, failed)) return Contents{};
    const auto size = std::filesystem::file_size(path_, failed);
    if (!failed && size > kBytesMax) return wrong("too large");
    std::string all(failed ? 0 : size, '\0');
    std::ifstream file(path_, std::ios::binary);
    if (failed || !file.read(all.data(), static_cast<std::streamsize>(size)))
        return fail(ErrorKind::kUnavailable, std::string(kSource), path_ + " cannot be read");
    Head head;
    auto records = records_of(all, head);
    if (!records) return fail(std::move(records.error()));

    std::unordered_map<std::string_view, std::string_view> by_key;
    for (uint64_t i = 0; i < head.count; ++i) {
        const auto record = records->substr(i * record_bytes(head), record_bytes(head));
        by_key.emplace(record.substr(0, kKeyBytes), record.substr(kKeyBytes));
    }
    Contents contents;
    for (const std::string& text : texts) {
        const auto found = by_key.find(key_of(text));
        if (found == by_key.end()) continue;
        std::vector<float>& vector = contents.vectors[text];
        vector.resize(head.dimensions);
        std::memcpy(vector.data(), found->second.data(), found->second.size());
    }
    contents.others = head.count - contents.vectors.size();
    return contents;
}

Status VectorFile::write(const TextVectors& vectors) const {
    Head head{.count = vectors.size()};
    if (!vectors.empty()) head.dimensions = static_cast<uint32_t>(vectors.begin()->second.size());
    std::string all(bytes_of(head));
    all.reserve(sizeof head + head.count * record_bytes(head) + kDigestBytes);
    for (const auto& [text, vector] : vectors) {
        all += key_of(text);
        all.append(reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float));
    }
    all += base::as_view(base::sha256(all));

    const std::string half = path_ + ".new";
    const int file = ::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0) return not_written(half);
    const bool is_written = write_durably(file, all);
    if (is_written && std::rename(half.c_str(), path_.c_str()) == 0) return {};
    const auto error = not_written(half);
    std::error_code ignored;
    std::filesystem::remove(half, ignored);
    return error;
}

}  // namespace hayate::model
