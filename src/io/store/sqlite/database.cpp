#include "io/store/sqlite/database.hpp"

#include <filesystem>

#include "core/base/log.hpp"
#include "io/store/sqlite/row_check.hpp"
#include "io/store/sqlite/schema.hpp"
#include "io/store/sqlite/search_tokenizer.hpp"

namespace hayate::store {
namespace {

Result<std::unique_ptr<Connection>> open_connection(const Connection::Options& options) {
    auto connection = Connection::open(options);
    if (!connection) return connection;
    if (Status status = register_search_tokenizer(**connection); !status)
        return fail(status.error());
    if (Status status = register_row_check(**connection); !status) return fail(status.error());
    return connection;
}

Status make_folder(const std::string& path) {
    const auto folder = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!folder.empty()) std::filesystem::create_directories(folder, error);
    if (error) {
        return fail(ErrorKind::kUnavailable, "store", folder.string() + ": " + error.message());
    }
    return {};
}

}  // namespace

Result<std::shared_ptr<Database>> Database::open(const Options& options) {
    if (Status made = make_folder(options.path); !made) return fail(made.error());
    Connection::Options connection{.path = options.path,
                                   .is_power_loss_safe = options.is_power_loss_safe,
                                   .pages_max = options.pages_max};
    auto writer = open_connection(connection);
    if (!writer) return fail(writer.error());
    if (Status migrated = migrate(**writer); !migrated) return fail(migrated.error());
    connection.is_reader = true;
    std::vector<std::unique_ptr<Connection>> readers;
    for (size_t i = 0; i < options.readers; ++i) {
        auto reader = open_connection(connection);
        if (!reader) return fail(reader.error());
        readers.push_back(std::move(*reader));
    }
    // The constructor is private, so make_shared cannot be used.
    return std::shared_ptr<Database>(new Database(options, std::move(*writer), std::move(readers)));
}

Database::Database(const Options& options, std::unique_ptr<Connection> writer,
                   std::vector<std::unique_ptr<Connection>> readers)
    : path_(options.path),
      reader_connections_(std::move(readers)),
      readers_({.name = "store-reader",
                .threads = reader_connections_.size(),
                .queue_max = options.queue_max}),
      writer_(std::move(writer), options.queue_max) {}

Result<std::unique_ptr<Connection>> Database::open_reader() const {
    return open_connection({.path = path_, .is_reader = true});
}

namespace {

std::function<void(const Status&)> logging(std::string_view event) {
    return [event](const Status& committed) {
        if (!committed) base::log_failure(event, committed.error());
    };
}

}  // namespace

void Database::post_write(std::function<Status(Connection&)> apply) {
    (void)writer_.try_post({std::move(apply), logging("store.cleanup_failed")}, true);
}

bool Database::try_post_write(std::string_view event, std::function<Status(Connection&)> apply) {
    return writer_.try_post({std::move(apply), logging(event)});
}

}  // namespace hayate::store
