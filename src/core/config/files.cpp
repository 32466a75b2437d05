#include "core/config/files.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace hayate::config {
namespace {

constexpr std::string_view kSource = "config";

std::string trimmed(std::string text) {
    static constexpr std::string_view kSpace = " \t\r\n";
    const size_t end = text.find_last_not_of(kSpace) + 1;  // npos + 1 is 0: nothing but space
    const size_t begin = std::min(text.find_first_not_of(kSpace), end);
    std::string inner = text.substr(begin, end - begin);
    OPENSSL_cleanse(text.data(), text.size());
    return inner;
}

tl::unexpected<Error> secret_error(const std::string& text) {
    return fail(ErrorKind::kInternal, std::string(kSource), text);
}

}  // namespace

std::optional<std::string> file_problem(const std::string& path) {
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(path, error);
    if (!std::filesystem::exists(status)) return "the file does not exist";
    if (std::filesystem::is_directory(status)) return "is a folder, not a file";
    if (!std::ifstream(path)) return "the file cannot be opened";
    return std::nullopt;
}

tl::expected<std::string, std::string> read_text_file(const std::string& path, size_t bytes_max) {
    if (const std::optional<std::string> problem = file_problem(path)) {
        return tl::unexpected(*problem);
    }
    std::ifstream file(path, std::ios::binary);
    std::string text(bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad()) return tl::unexpected(std::string("the file cannot be read"));
    text.resize(static_cast<size_t>(file.gcount()));
    if (text.size() > bytes_max) {
        return tl::unexpected("the file is larger than " + std::to_string(bytes_max) + " bytes");
    }
    return text;
}

Environment process_environment() {
    return [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        if (value == nullptr || *value == '\0') return std::nullopt;
        return std::string(value);
    };
}

Result<base::Secret> read_secret(const std::string& env_name, const std::string& file,
                                 const Environment& environment) {
    if (!env_name.empty()) {
        std::optional<std::string> value = environment(env_name);
        if (!value) return secret_error("environment variable " + env_name + " is not set");
        return base::Secret(trimmed(std::move(*value)));
    }
    if (file.empty()) return base::Secret();
    tl::expected<std::string, std::string> text = read_text_file(file, kSecretBytesMax);
    if (!text) return secret_error(file + ": " + text.error());
    base::Secret secret(trimmed(std::move(*text)));
    if (secret.is_empty()) return secret_error(file + ": the file is empty");
    return secret;
}

}  // namespace hayate::config
