#include "app/front/static_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/base/crypto.hpp"

namespace hayate::front {
namespace {

namespace fs = std::filesystem;

std::string content_type_of(const fs::path& path) {
    static const std::map<std::string, std::string> types{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"}};
    const auto found = types.find(path.extension().string());
    return found == types.end() ? "application/octet-stream" : found->second;
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
    StaticFiles files;
    std::error_code failed;
    for (fs::recursive_directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        if (!it->is_regular_file()) continue;
        std::ifstream in(it->path(), std::ios::binary);
        StaticFile file{.body = {std::istreambuf_iterator<char>(in), {}},
                        .content_type = content_type_of(it->path())};
        file.etag = '"' + base::sha256_hex(file.body).substr(0, 20) + '"';
        const std::string path = "/" + fs::relative(it->path(), folder).generic_string();
        file.is_immutable = path.starts_with("/assets/");
        files.files_.emplace(path, std::move(file));
    }
    if (files.find("/index.html")) return files;
    return fail(ErrorKind::kNotFound, "page", "no index.html in '" + folder + "'");
}

const StaticFile* StaticFiles::find(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
}

}  // namespace hayate::front
