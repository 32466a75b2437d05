// The file of the page's signing key.

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/front/page_cookie.hpp"
#include "core/base/crypto.hpp"

namespace hayate::front {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kKeyChars = 43;  // of base64url

/// A file descriptor, closed at the end of the scope.
class File {
  public:
    File(const std::string& path, int flags, mode_t mode)
        : fd_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    [[nodiscard]] int get() const { return fd_; }

  private:
    int fd_;
};

tl::unexpected<Error> key_error(const std::string& path, const std::string& text) {
    return fail(ErrorKind::kInternal, "front", path + ": " + text);
}

Result<base::Secret> read_key(const std::string& path) {
    const File file(path, O_RDONLY | O_NOFOLLOW, 0);
    if (!file.is_open()) return key_error(path, "cannot be opened");
    struct stat status{};
    if (::fstat(file.get(), &status) != 0) return key_error(path, "cannot be read");
    if ((status.st_mode & 077) != 0) {
        return key_error(path, "others may read it; chmod 600 it, or delete it to get a new one");
    }
    std::string text(kKeyChars + 1, '\0');
    const ssize_t size = ::read(file.get(), text.data(), text.size());
    text.resize(kKeyChars);
    const std::optional<std::string> key = base::from_base64url(text);
    if (size != static_cast<ssize_t>(kKeyChars) || !key || key->size() != kKeyBytes) {
        return key_error(path, "is damaged; delete it to get a new one (visitors start anew)");
    }
    return base::Secret(*key);
}

/// Writes a whole key under a name of its own, then links it to its place: whoever looks sees all
/// of it or nothing, and of two servers that start together the first one's key stays.
Status make_key(const std::string& folder, const std::string& path) {
    const std::string draft = path + "." + base::random_text(8);
    {
        const File file(draft, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (!file.is_open()) return key_error(draft, "cannot be created");
        const std::string text = base::random_text(kKeyBytes);
        const bool is_written =
            ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
            ::fsync(file.get()) == 0;
        if (!is_written) {
            ::unlink(draft.c_str());
            return key_error(draft, "cannot be written");
        }
    }
    const bool is_linked = ::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST;
    ::unlink(draft.c_str());
    if (!is_linked) return key_error(path, "cannot be created");
    const File directory(folder, O_RDONLY | O_DIRECTORY, 0);
    if (directory.is_open()) ::fsync(directory.get());
    return {};
}

}  // namespace

Result<base::Secret> load_or_make_page_key(const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return key_error(folder, "cannot be created");
    const std::string path = (std::filesystem::path(folder) / "page.key").string();
    struct stat status{};
    if (::lstat(path.c_str(), &status) != 0) {
        if (const Status made = make_key(folder, path); !made) return fail(made.error());
    }
    return read_key(path);
}

}  // namespace hayate::front
