//! Platforms with a dashboard whose files are known by their names and not read.

/// Their files: AWS Amplify, Google App Engine, Firebase, the Serverless Framework, SST.
pub(crate) static FILES: &[&str] = &["amplify.yml", "app.yaml", "firebase.json", "serverless.yml", "sst.config.ts"];
